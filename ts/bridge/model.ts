import type { Connections } from './connections.js';

/** Neurons with what leads to them from the layer before, or from the observation. */
export interface BridgeLayer {
  readonly name: string;
  readonly units: number;
  readonly fires: boolean;
  /** One for all units, or one for each. */
  readonly threshold: number | Float64Array;
  readonly connections: Connections;
}

/** A network as simulators elsewhere take it: layers one after the other, and no others. */
export interface BridgeModel {
  readonly observationSize: number;
  /** Inputs of the first layer: the observation, and the 1 appended to it. */
  readonly inputs: number;
  readonly steps: number;
  readonly semantics: 'direct' | 'dsqn';
  readonly reset: 'subtraction' | 'zero';
  readonly epsilon: number;
  readonly decoding: 'potential' | 'spikes';
  readonly layers: readonly BridgeLayer[];
  /** Observations as the first layer takes them: [rows][inputs]. */
  readonly prepare: (observations: ArrayLike<number>, rows: number) => Float64Array;
}

export function firingLayers({ layers }: BridgeModel): BridgeLayer[] {
  return layers.filter(({ fires }) => fires);
}

export function outputsOf({ layers }: BridgeModel): number {
  return layers.at(-1)!.units;
}

export interface ModelSize {
  readonly neurons: number;
  readonly connections: number;
  /** Of the message that builds it. */
  readonly bytes: number;
}

export function sizeOf({ layers }: BridgeModel): ModelSize {
  let [neurons, connections, bytes] = [0, 0, 0];
  for (const { units, threshold, connections: made } of layers) {
    neurons += units;
    connections += made.value.length;
    bytes += isDense(made) ? 8 * made.rows * made.columns : 16 * made.value.length;
    bytes += 8 * units + (typeof threshold === 'number' ? 0 : 8 * units);
  }
  return { neurons, connections, bytes };
}

/** Whether a matrix with its zeros takes less room than a list of connections. */
export function isDense({ rows, columns, value }: Connections): boolean {
  return 8 * rows * columns <= 16 * value.length;
}
