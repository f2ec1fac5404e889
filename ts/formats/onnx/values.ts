import type { Constant } from './constant.js';

/** What a node of the graph computes for each observation. */
export interface Activation {
  readonly kind: 'activation';
  /** Name of the graph's node. */
  readonly node: string;
  /** Without the batch dimension. */
  readonly shape: readonly number[];
}

/** An operator behind the network proper, which reads its values and is left to whoever uses them. */
export interface TailStep {
  readonly operator: string;
  /** Name of the ONNX node. */
  readonly node: string;
  /** Of the operator's input, batch dimension included. */
  readonly axis?: number;
  /** Softmax: all dimensions from `axis` on make one distribution, as before opset 13. */
  readonly joined?: boolean;
  /** ArgMax: of equal values the last is chosen, and not the first. */
  readonly last?: boolean;
}

/** What an output becomes behind the network: an activation, and the operators that follow it. */
export interface Tail {
  readonly kind: 'tail';
  readonly source: Activation;
  readonly steps: readonly TailStep[];
  /** Why nothing may follow. */
  readonly refusal: { readonly label: string; readonly why: string; readonly whatToDo: string };
  /** Of the result, batch dimension left out. */
  readonly shape: readonly number[];
}

export type Value = Constant | Activation | Tail;
