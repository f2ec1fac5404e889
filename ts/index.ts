export { SpiqError, errorCodes } from './errors.js';
export type { ErrorCode } from './errors.js';
export type {
  AccumulatorNode, Conversion, DenseNode, FlattenNode, Graph, GraphNode, InputNode, NeuronAttributes,
  NeuronNode, NodeKind, ReluNode, Reset, Tensor,
} from './graph.js';
export { Network } from './network.js';
export type { ForwardOptions, LoadNetworkOptions, Precision, SaveNetworkOptions } from './network.js';
export { conversionMethods, convert, defaultCalibrationRows, defaultPercentile } from './convert.js';
export type { ConversionMethod, ConvertOptions } from './convert.js';
export { Simulator, decodings, encodings, resets, semanticsNames } from './simulator.js';
export type {
  AsyncRunOptions, Decoding, Encoding, RunOptions, Semantics, SimulationOptions, SimulationResult,
} from './simulator.js';
