import type { Random } from '../env/random.js';
import { mismatch } from '../errors.js';
import type { Tensor } from '../graph.js';

/**
 * How weights begin; fan-in is the number of values that a unit sees.
 *
 * - `uniform`: ± scale/√fan-in (scale left out, 1), biases likewise: PyTorch's default
 * - `kaiming`: uniform, ± √(6/fan-in), biases 0 (He et al., ICCV 2015)
 * - `xavier`: uniform, ± √(6/(fan-in + fan-out)), biases 0 (Glorot and Bengio, AISTATS 2010)
 * - `normal`: of deviation scale/√fan-in (scale left out, 1), biases 0: the published spiking Q-networks'
 * - `gaussian`: of deviation sigma, biases 0
 */
export type Initialisation =
  | { readonly kind: 'uniform' | 'normal'; readonly scale?: number }
  | { readonly kind: 'kaiming' | 'xavier' }
  | { readonly kind: 'gaussian'; readonly sigma: number };

export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** The largest weight of the uniform kinds, the deviation of the others. */
function spread(init: Initialisation, fan: Fans): number {
  switch (init.kind) {
    case 'uniform':
    case 'normal':
      return (init.scale ?? 1) / Math.sqrt(fan.in);
    case 'kaiming':
      return Math.sqrt(6 / fan.in);
    case 'xavier':
      return Math.sqrt(6 / (fan.in + fan.out));
    case 'gaussian':
      return init.sigma;
    default: {
      const { kind } = init as { kind: unknown };
      const known = 'one of uniform, normal, kaiming, xavier, gaussian';
      throw mismatch('E_ARGUMENT', "init 'kind'", known, kind);
    }
  }
}

/** Where the layers of a network in the making get their weights from, in the order in which they ask. */
export interface WeightSource {
  weight(shape: readonly number[], fan: Fans): Tensor;
  /** Of the layer whose weight was asked for last. */
  bias(units: number, fan: Fans): Tensor;
}

/** One number of the generator after the other. */
export function weightsFrom(init: Initialisation, random: Random): WeightSource {
  return {
    weight: (shape, fan) => {
      const size = checkedSpread(init, fan);
      const draw =
        init.kind === 'normal' || init.kind === 'gaussian'
          ? (): number => size * normalOf(random.uniform(0, 1), random.uniform(0, 1))
          : (): number => random.uniform(-size, size);
      return filled(shape, draw);
    },
    bias: (units, fan) => {
      if (init.kind !== 'uniform') return filled([units], () => 0);
      const size = checkedSpread(init, fan);
      return filled([units], () => random.uniform(-size, size));
    },
  };
}

/**
 * The number of a layer's element is drawn by its place, with a scale for each: a network that has other layers behind
 * it begins the same.
 */
export function weightsByPlace(
  kind: 'uniform' | 'normal',
  scale: number,
  at: (layer: number, element: number, index: number) => number,
): WeightSource {
  let layer = -1;
  const uniform = (element: number, index: number, fan: Fans): number =>
    ((2 * at(layer, element, index) - 1) * scale) / Math.sqrt(fan.in);
  return {
    weight: (shape, fan) => {
      layer += 1;
      return filled(shape, (element) =>
        kind === 'uniform'
          ? uniform(element, 0, fan)
          : (normalOf(at(layer, element, 2), at(layer, element, 3)) * scale) / Math.sqrt(fan.in),
      );
    },
    bias: (units, fan) =>
      filled([units], (unit) => (kind === 'uniform' ? uniform(unit, 1, fan) : 0)),
  };
}

function checkedSpread(init: Initialisation, fan: Fans): number {
  const size = spread(init, fan);
  if (!(size > 0 && Number.isFinite(size)))
    throw mismatch('E_RANGE', `init '${init.kind}'`, 'a scale or sigma above 0', size);
  return size;
}

function filled(shape: readonly number[], draw: (index: number) => number): Tensor {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i += 1) data[i] = draw(i);
  return { shape, data };
}

/** Box and Muller (1958); the second number of each pair is left alone, and 1 − u since a uniform may be 0. */
function normalOf(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
