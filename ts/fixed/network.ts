import { checkFloatArray, checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import type { NativeChipLayer, NativeChipNetwork, Observations } from '../native.js';

/** Synapses one by one: from unit `pre` of the layer before (or of the observation) to unit `post`. */
export interface ChipConnections {
  readonly pre: Uint32Array;
  readonly post: Uint32Array;
  readonly value: Observations;
}

export interface ChipLayer {
  readonly units: number;
  /** [units][inputs of the layer], or a list of connections. Negative weights are inhibitory. */
  readonly weight: Observations | ChipConnections;
  /** The constant current of each unit; 0 if left out. */
  readonly bias?: Observations;
  /** One for all units (default 1), or one for each. */
  readonly threshold?: number | Observations;
  /** Left out, every layer but the last one fires. */
  readonly fires?: boolean;
  /** The potentials that the units start at, in place of those that line the biases up. */
  readonly initial?: Observations;
  /**
   * Excitatory and inhibitory: a weight is a multiple of 2^(shift − 15). Left out, they come from the largest summed
   * weights of a unit. Weights that the tool chain has read back stay as they are with the shifts that it chose.
   */
  readonly shift?: readonly [excitatory: number, inhibitory: number];
}

/** Layers one behind the other. */
export interface ChipNetwork {
  /** Values of an observation. */
  readonly inputs: number;
  readonly layers: readonly ChipLayer[];
}

/** Of a layer; far more than the largest machine has. */
const mostUnits = 2 ** 24;

const layerNames = ['units', 'weight', 'bias', 'threshold', 'fires', 'initial', 'shift'];

export function nativeNetwork(network: ChipNetwork): NativeChipNetwork {
  checkNames(network, ['inputs', 'layers'], 'network');
  const { inputs, layers } = network;
  if (!Array.isArray(layers) || layers.length === 0) {
    throw mismatch('E_ARGUMENT', "network 'layers'", 'an array of one or more layers', layers);
  }
  checkUnits(inputs, "network 'inputs'");
  const last = layers.length - 1;
  return { inputs, layers: layers.map((layer: ChipLayer, l) => nativeLayer(layer, l, l < last)) };
}

function nativeLayer(layer: ChipLayer, index: number, fires: boolean): NativeChipLayer {
  const what = `layer ${index}`;
  checkNames(layer, layerNames, what);
  const { units, weight, bias, initial, shift } = layer;
  checkUnits(units, `${what} 'units'`);
  if (bias !== undefined) checkFloatArray(bias, `${what} 'bias'`);
  if (initial !== undefined) checkFloatArray(initial, `${what} 'initial'`);
  return {
    units,
    ...weightsOf(weight, `${what} 'weight'`),
    bias,
    initial,
    thresholds: thresholdsOf(layer.threshold ?? 1, units, `${what} 'threshold'`),
    fires: layer.fires ?? fires,
    shifts: shift && shiftsOf(shift, `${what} 'shift'`),
  };
}

function weightsOf(
  weight: ChipLayer['weight'],
  what: string,
): Pick<NativeChipLayer, 'dense' | 'pre' | 'post' | 'value'> {
  if (ArrayBuffer.isView(weight) || typeof weight !== 'object') {
    checkFloatArray(weight, what);
    return { dense: weight };
  }
  checkNames(weight, ['pre', 'post', 'value'], what);
  const { pre, post, value } = weight;
  for (const [name, indices] of Object.entries({ pre, post })) {
    if (!((indices as unknown) instanceof Uint32Array))
      throw mismatch('E_ARGUMENT', `${what} '${name}'`, 'a Uint32Array', indices);
  }
  checkFloatArray(value, `${what} 'value'`);
  return { pre, post, value };
}

function thresholdsOf(threshold: number | Observations, units: number, what: string): Float64Array {
  if (typeof threshold === 'number') return new Float64Array(units).fill(threshold);
  checkFloatArray(threshold, what);
  return Float64Array.from(threshold);
}

function shiftsOf(shift: readonly number[], what: string): Int32Array {
  const whole = Array.isArray(shift) && shift.length === 2 && shift.every(Number.isInteger);
  if (!whole) throw mismatch('E_ARGUMENT', what, 'two whole numbers', shift);
  return Int32Array.from(shift);
}

function checkUnits(units: number, what: string): void {
  if (!Number.isInteger(units) || units < 1 || units > mostUnits) {
    throw mismatch('E_RANGE', what, `a whole number from 1 to ${mostUnits}`, units);
  }
}
