import type { Tensor } from '../../graph.js';

/** A number array known at import; decoded only if an operator asks, as the kind of numbers it asks for. */
export interface Constant {
  readonly kind: 'constant';
  readonly read: () => Tensor;
  /** A list of int64, as shapes are given. */
  readonly readIntegers: () => readonly number[];
}

/** What a node of the graph computes for each observation. */
export interface Activation {
  readonly kind: 'activation';
  /** Name of the graph's node. */
  readonly node: string;
  /** Without the batch dimension. */
  readonly shape: readonly number[];
}

export type Value = Constant | Activation;

/** Decodes once, however many nodes share the tensor. */
export function lazyConstant(
  decode: () => Tensor,
  readIntegers: Constant['readIntegers'],
): Constant {
  let decoded: Tensor | undefined;
  return { kind: 'constant', read: () => (decoded ??= decode()), readIntegers };
}
