/**
 * The graph is the one description of a network in spiq: plain data, read and written by every format,
 * conversion and engine. Shapes leave out the batch dimension.
 */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Reset = 'subtraction' | 'zero' | 'value';

/** Parameters of a spiking layer; those left out take the default written in `native/base/neuron.h`. */
export interface NeuronAttributes {
  readonly threshold?: number;
  /** One for each channel (the first dimension), in place of `threshold`. */
  readonly thresholds?: Tensor;
  /** Potential before the first step. */
  readonly initial?: number;
  /** One for each channel, in place of `initial`. */
  readonly initials?: Tensor;
  readonly alpha?: number;
  readonly beta?: number;
  readonly reset?: Reset;
  readonly resetValue?: number;
  readonly refractory?: number;
  readonly ternary?: boolean;
  /** Of ternary units: negative spikes fire at −negative · threshold and stand for −1; left out, 1. */
  readonly negative?: number;
  /** One for each channel, in place of `negative`. */
  readonly negatives?: Tensor;
  readonly burst?: number;
}

/** The network is given factor · x + offset, of each channel: what encoders turn into spikes. */
export interface InputNode {
  readonly kind: 'input';
  readonly name: string;
  readonly shape: readonly number[];
  readonly factor?: Tensor;
  readonly offset?: Tensor;
}

/** y = W·x + b, `weight` [out, in], `bias` [out]. */
export interface DenseNode {
  readonly kind: 'dense';
  readonly name: string;
  readonly weight: Tensor;
  readonly bias?: Tensor;
}

interface Windowed {
  /** Sizes along the spatial dimensions; left out, 1. */
  readonly stride?: readonly number[];
  readonly dilation?: readonly number[];
  /** All begins, then all ends; left out, 0. */
  readonly padding?: readonly number[];
}

/** A convolution in one or two dimensions: `weight` [out, in / groups, kernel…], `bias` [out]. */
export interface ConvNode extends Windowed {
  readonly kind: 'conv';
  readonly name: string;
  readonly weight: Tensor;
  readonly bias?: Tensor;
  readonly groups?: number;
}

/** A transposed convolution: `weight` [in, out / groups, kernel…], `bias` [out]. */
export interface ConvTransposeNode extends Windowed {
  readonly kind: 'conv_transpose';
  readonly name: string;
  readonly weight: Tensor;
  readonly bias?: Tensor;
  readonly groups?: number;
  readonly outputPadding?: readonly number[];
}

export type PoolMode = 'average' | 'sum' | 'max';

/** Pools each channel by itself. */
export interface PoolNode {
  readonly kind: 'pool';
  readonly name: string;
  readonly mode: PoolMode;
  /** Left out: the whole extent, one value a channel. */
  readonly kernel?: readonly number[];
  /** Left out: the kernel. */
  readonly stride?: readonly number[];
  readonly dilation?: readonly number[];
  readonly padding?: readonly number[];
  /** `average`: padding counts as zeros and not as absent. */
  readonly countPadding?: boolean;
  /** `max` over spikes: those of the unit that has fired most so far, or their average. */
  readonly spikes?: 'gated' | 'average';
}

/** y = scale · (x − mean) / √(variance + epsilon) + shift for each channel; folded into layers beside it. */
export interface BatchNormNode {
  readonly kind: 'batch_norm';
  readonly name: string;
  readonly scale: Tensor;
  readonly shift: Tensor;
  readonly mean: Tensor;
  readonly variance: Tensor;
  readonly epsilon?: number;
}

/** y = factor · x + offset for each channel. */
export interface ScaleNode {
  readonly kind: 'scale';
  readonly name: string;
  readonly factor: Tensor;
  readonly offset?: Tensor;
}

/** Dimensions in another order: dimension d of the result is dimension `axes[d]` of the input. */
export interface TransposeNode {
  readonly kind: 'transpose';
  readonly name: string;
  readonly axes: readonly number[];
}

/** The positions along `axis` (left out: 0, the channels) that `indices` names, in that order. */
export interface SelectNode {
  readonly kind: 'select';
  readonly name: string;
  readonly axis?: number;
  readonly indices: readonly number[];
}

/** Zeros around the input: all begins, then all ends, of every dimension, channels included. */
export interface PadNode {
  readonly kind: 'pad';
  readonly name: string;
  readonly padding: readonly number[];
}

/** The same elements in the same row-major order under another shape. */
export interface ReshapeNode {
  readonly kind: 'reshape';
  readonly name: string;
  readonly shape: readonly number[];
}

/** Inputs one after the other, in the order of the edges, along `axis` (left out: 0, the channels). */
export interface ConcatNode {
  readonly kind: 'concat';
  readonly name: string;
  readonly axis?: number;
}

/** Nearest neighbour: every element repeated along each spatial dimension. */
export interface UpsampleNode {
  readonly kind: 'upsample';
  readonly name: string;
  readonly scale: readonly number[];
}

/** Elementwise sum of its inputs, in the order of the edges. */
export interface AddNode {
  readonly kind: 'add';
  readonly name: string;
}

/** y = min(x, cap) where x ≥ 0, slope · x elsewhere. */
export interface ReluNode {
  readonly kind: 'relu';
  readonly name: string;
  /** Left out, 0. */
  readonly slope?: number;
  /** One for each channel, in place of `slope`. */
  readonly slopes?: Tensor;
  /** Left out, none. */
  readonly cap?: number;
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
  /** Potentials before the first step, one for each channel; left out, 0. */
  readonly initials?: Tensor;
}

export type GraphNode =
  | InputNode
  | DenseNode
  | ConvNode
  | ConvTransposeNode
  | PoolNode
  | BatchNormNode
  | ScaleNode
  | ReluNode
  | FlattenNode
  | ReshapeNode
  | TransposeNode
  | SelectNode
  | PadNode
  | ConcatNode
  | UpsampleNode
  | AddNode
  | NeuronNode
  | AccumulatorNode;

export type NodeKind = GraphNode['kind'];

/** From, to, and the steps by which the edge delays (0 if left out); delayed edges end at add nodes. */
export type Edge = readonly [from: string, to: string, delay?: number];

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly Edge[];
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
  readonly granularity?: 'layer' | 'channel';
  /** The simulation time that the method looked at. */
  readonly steps?: number;
  /** Factor that was put on the method's scales. */
  readonly headroom?: number;
  /** Most spikes of a neuron in one step, where more than one. */
  readonly burst?: number;
  /** Of every layer of neurons, of channels the largest; the last one is the outputs' unit. */
  readonly scale: readonly number[];
  /** Those of each channel, or one for all, where they are of channels. */
  readonly channelScales?: readonly (readonly number[])[];
  readonly calibrationRows?: number;
  /** The float network ends in a ReLU, which the outputs in its units have too. */
  readonly rectified?: boolean;
}
