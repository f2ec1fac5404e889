import { mismatch } from '../errors.js';
import type { WireMessage } from '../wire/message.js';
import { firingLayers, type BridgeModel } from './model.js';
import { expectType, tensor } from './replies.js';

/** Spikes of a layer, in the order of steps; step 0 is the first. */
export interface LayerSpikes {
  readonly step: Uint32Array;
  readonly unit: Uint32Array;
}

export interface BridgeRaster {
  /** By name of the layer, of those that fire. */
  readonly spikes: Readonly<Record<string, LayerSpikes>>;
  /** [steps][units], by name of the layer. */
  readonly potentials?: Readonly<Record<string, Float64Array>>;
}

export function readRaster(
  message: WireMessage,
  model: BridgeModel,
  potentials: boolean,
): BridgeRaster {
  expectType(message, 'sim.raster');
  const firing = new Set(firingLayers(model));
  const spikes = model.layers.flatMap((layer, l) =>
    firing.has(layer) ? [[layer.name, spikesOf(message, `spikes${l}`, model, layer.units)]] : [],
  );
  if (!potentials) return { spikes: Object.fromEntries(spikes) as BridgeRaster['spikes'] };
  const traces = model.layers.map(({ name, units }, l) => [
    name,
    tensor(message, `v${l}`, Float64Array, [model.steps, units]),
  ]);
  return {
    spikes: Object.fromEntries(spikes) as BridgeRaster['spikes'],
    potentials: Object.fromEntries(traces) as Record<string, Float64Array>,
  };
}

function spikesOf(
  message: WireMessage,
  name: string,
  { steps }: BridgeModel,
  units: number,
): LayerSpikes {
  const pairs = tensor(message, name, Uint32Array, ['any', 2]);
  const order = Array.from({ length: pairs.length / 2 }, (_, k) => k);
  const wrong = order.find((k) => pairs[2 * k]! >= steps || pairs[2 * k + 1]! >= units);
  if (wrong !== undefined) {
    const expected = `steps below ${steps} and neurons below ${units}`;
    const came = [...pairs.subarray(2 * wrong, 2 * wrong + 2)];
    throw mismatch('E_PROTOCOL', `sim.raster '${name}'`, expected, came);
  }
  order.sort((a, b) => pairs[2 * a]! - pairs[2 * b]! || pairs[2 * a + 1]! - pairs[2 * b + 1]!);
  return {
    step: Uint32Array.from(order, (k) => pairs[2 * k]!),
    unit: Uint32Array.from(order, (k) => pairs[2 * k + 1]!),
  };
}
