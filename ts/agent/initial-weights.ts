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

export function initialWeight(
  init: Initialisation,
  shape: readonly number[],
  fan: Fans,
  random: Random,
): Tensor {
  const size = checkedSpread(init, fan);
  const draw =
    init.kind === 'normal' || init.kind === 'gaussian'
      ? (): number => size * normal(random)
      : (): number => random.uniform(-size, size);
  return filled(shape, draw);
}

export function initialBias(
  init: Initialisation,
  units: number,
  fan: Fans,
  random: Random,
): Tensor {
  if (init.kind !== 'uniform') return filled([units], () => 0);
  const size = checkedSpread(init, fan);
  return filled([units], () => random.uniform(-size, size));
}

function checkedSpread(init: Initialisation, fan: Fans): number {
  const size = spread(init, fan);
  if (!(size > 0 && Number.isFinite(size)))
    throw mismatch('E_RANGE', `init '${init.kind}'`, 'a scale or sigma above 0', size);
  return size;
}

function filled(shape: readonly number[], draw: () => number): Tensor {
  const data = new Float32Array(shape.reduce((product, size) => product * size, 1));
  for (let i = 0; i < data.length; i += 1) data[i] = draw();
  return { shape, data };
}

/** Box and Muller (1958); the second number of each pair is left alone. */
function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.uniform(0, 1)));
  return radius * Math.cos(2 * Math.PI * random.uniform(0, 1));
}
