import type { Precision, Reals } from '../../ts/native.js';
import { fmaDouble, fmaSingle } from './fma.js';

/** What the engine's `Real` does: every operation is done in double and rounded at once. */
export interface Arithmetic {
  readonly round: (value: number) => number;
  readonly fma: (a: number, b: number, c: number) => number;
  readonly array: (length: number) => Reals<Precision>;
}

export const arithmetics: Readonly<Record<Precision, Arithmetic>> = {
  float32: {
    // Sum, product and quotient of float32 values are right when rounded from double: 53 ≥ 2·24 + 2.
    round: Math.fround,
    fma: fmaSingle,
    array: (length) => new Float32Array(length),
  },
  float64: {
    round: (value) => value,
    fma: fmaDouble,
    array: (length) => new Float64Array(length),
  },
};
