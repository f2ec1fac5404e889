import { mismatch, phrase } from '../errors.js';
import { ChipEmulation, type ChipLayer } from '../fixed.js';
import type { BridgeLayer, BridgeModel } from './model.js';
import { rowOfEach } from './connections.js';
import type { BridgeRaster } from './raster.js';
import type { Built, RunArrays } from './replies.js';

/** What a board would do with a network that was mapped without one: computed here, out of the weights as mapped. */
export class ChipPredictor {
  readonly #chip: ChipEmulation;
  readonly #model: BridgeModel;
  readonly #tauM: number;

  constructor(model: BridgeModel, built: Built) {
    const { tauM, weightShift } = built.effective;
    if (typeof tauM !== 'number' || !Array.isArray(weightShift)) {
      const expected = 'tauM and weightShift of the mapped network';
      throw mismatch('E_PROTOCOL', "sim.built 'effective'", expected, built.effective);
    }
    const layers = model.layers.map((layer, l) =>
      chipLayer(layer, l, model, built, weightShift[l - 1] as [number, number] | undefined),
    );
    this.#chip = new ChipEmulation({ inputs: model.inputs, layers });
    this.#model = model;
    this.#tauM = tauM;
  }

  async run(
    x: Float64Array,
    signal?: AbortSignal,
    onProgress?: (done: number, total: number) => void,
  ): Promise<RunArrays> {
    const begin = performance.now();
    const { counts, potentials, clipped, overflows } = await this.#chip.run(x, {
      ...this.#options(),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
    const simulationMilliseconds = performance.now() - begin;
    return { counts, potentials, clipped, overflows, simulationMilliseconds };
  }

  async raster(x: Float64Array, signal?: AbortSignal): Promise<BridgeRaster> {
    const options = { ...this.#options(), ...(signal && { signal }) };
    const { layers } = await this.#chip.trace(x, options);
    const named = this.#model.layers.map(({ name, fires }, l) => ({ name, fires, ...layers[l]! }));
    const spikes = named
      .filter(({ fires }) => fires)
      .map(({ name, spikes: pairs }) => [
        name,
        {
          step: pairs.filter((_, k) => k % 2 === 0),
          unit: pairs.filter((_, k) => k % 2 === 1),
        },
      ]);
    return {
      spikes: Object.fromEntries(spikes) as BridgeRaster['spikes'],
      potentials: Object.fromEntries(named.map(({ name, potentials }) => [name, potentials])),
    };
  }

  #options(): { steps: number; tauM: number } {
    return { steps: this.#model.steps, tauM: this.#tauM };
  }
}

function chipLayer(
  { units, fires, threshold, connections }: BridgeLayer,
  l: number,
  { epsilon }: BridgeModel,
  { weights }: Built,
  shift: readonly [number, number] | undefined,
): ChipLayer {
  const initial = weights.get(`start${l}`);
  const shrink = (theta: number): number => theta * (1 - epsilon);
  const own = { pre: connections.column, post: rowOfEach(connections), value: connections.value };
  return {
    units,
    fires,
    weight: l === 0 ? own : mappedWeights(l, units, own.value.length, weights),
    bias: connections.bias,
    threshold: typeof threshold === 'number' ? shrink(threshold) : threshold.map(shrink),
    ...(initial && { initial }),
    ...(shift && { shift }),
  };
}

/** As the tool chain read them back, in the form in which they were sent. */
function mappedWeights(
  l: number,
  units: number,
  connections: number,
  weights: Built['weights'],
): ChipLayer['weight'] {
  const dense = weights.get(`w${l}`);
  if (dense !== undefined) return dense;
  const [pre, post, value] = ['pre', 'post', 'value'].map((part) => weights.get(`w${l}.${part}`));
  if (pre === undefined || post === undefined || value === undefined) {
    throw mismatch('E_PROTOCOL', 'sim.built', `the weights of layer ${l}`, phrase('none'));
  }
  if (value.length > connections || post.some((unit) => unit >= units)) {
    const expected = `at most ${connections} connections of layer ${l}`;
    throw mismatch('E_PROTOCOL', 'sim.built', expected, phrase(`${value.length}`));
  }
  return { pre: Uint32Array.from(pre), post: Uint32Array.from(post), value };
}
