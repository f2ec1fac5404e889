/**
 * The graph is the one description of a network in spiq: plain data, read and written by every format,
 * conversion and engine. Shapes leave out the batch dimension.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type NodeKind = 'input' | 'dense' | 'relu' | 'flatten' | 'neuron' | 'accumulator';

export type Reset = 'subtraction' | 'zero' | 'value';

/** Parameters of a spiking layer; those left out take the default written in `native/base/neuron.h`. */
export interface NeuronAttributes {
  readonly threshold?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly reset?: Reset;
  readonly resetValue?: number;
  readonly refractory?: number;
  readonly ternary?: boolean;
  readonly burst?: number;
}

export interface InputNode {
  readonly kind: 'input';
  readonly name: string;
  readonly shape: readonly number[];
}

/** y = W·x + b, `weight` [out, in], `bias` [out]. */
export interface DenseNode {
  readonly kind: 'dense';
  readonly name: string;
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

export interface ReluNode {
  readonly kind: 'relu';
  readonly name: string;
}

/** Joins all dimensions into one, in row-major order. */
export interface FlattenNode {
  readonly kind: 'flatten';
  readonly name: string;
}

/** Integrate-and-fire units, one for each element of the input. */
export interface NeuronNode extends NeuronAttributes {
  readonly kind: 'neuron';
  readonly name: string;
}

/** Units that integrate and never fire: the usual read-out. */
export interface AccumulatorNode {
  readonly kind: 'accumulator';
  readonly name: string;
  readonly alpha?: number;
  readonly beta?: number;
}

export type GraphNode =
  InputNode | DenseNode | ReluNode | FlattenNode | NeuronNode | AccumulatorNode;

export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** Pairs of node names, from and to. */
  readonly edges: readonly (readonly [string, string])[];
  /** Names of the nodes whose values are the network's results. */
  readonly outputs: readonly string[];
  /** θ' = θ(1−ε) is compared and subtracted in the direct semantics, so that near-ties fall alike in every engine. */
  readonly epsilon?: number;
  /** What `convert` did, if it did: one scale s_l per weighted layer, outputs are float outputs over the last. */
  readonly conversion?: Conversion;
}

export interface Conversion {
  readonly method: string;
  readonly percentile?: number;
  readonly scale: readonly number[];
  readonly calibrationRows?: number;
}
