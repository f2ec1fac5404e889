import type { OperatorHandler } from '../context.js';
import { add, divide, multiply, negate, subtract, variadic } from './arithmetic.js';
import { batchNorm } from './batch-norm.js';
import { conv, convTranspose } from './conv.js';
import { depthToSpace, spaceToDepth } from './depth.js';
import { gemm, matmul } from './linear.js';
import { pad } from './pad.js';
import { cast, dropout, identity } from './pass.js';
import { averagePool, globalPool, maxPool } from './pool.js';
import { clip, leakyRelu, maximum, minimum, parametricRelu, relu } from './rectify.js';
import { reduce } from './reduce.js';
import { flatten, reshape, squeeze, transpose, unsqueeze } from './reshape.js';
import { resize, upsample } from './resize.js';
import { concat, expand, gather, slice, split, tile } from './select.js';
import { argMax, sigmoid, softmax } from './tail.js';

/** To support another operator, add its file here and its line to `docs/formats.md`. */
export const operators: ReadonlyMap<string, OperatorHandler> = new Map([
  ['Add', add],
  ['ArgMax', argMax],
  ['AveragePool', averagePool],
  ['BatchNormalization', batchNorm],
  ['Cast', cast],
  ['Clip', clip],
  ['Concat', concat],
  ['Conv', conv],
  ['ConvTranspose', convTranspose],
  ['DepthToSpace', depthToSpace],
  ['Div', divide],
  ['Dropout', dropout],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Gemm', gemm],
  ['GlobalAveragePool', globalPool('average')],
  ['GlobalMaxPool', globalPool('max')],
  ['Identity', identity],
  ['LeakyRelu', leakyRelu],
  ['LogSoftmax', softmax],
  ['MatMul', matmul],
  ['Max', maximum],
  ['MaxPool', maxPool],
  ['Mean', variadic((count) => 1 / count)],
  ['Min', minimum],
  ['Mul', multiply],
  ['Neg', negate],
  ['PRelu', parametricRelu],
  ['Pad', pad],
  ['ReduceMax', reduce('max')],
  ['ReduceMean', reduce('average')],
  ['ReduceSum', reduce('sum')],
  ['Relu', relu],
  ['Reshape', reshape],
  ['Resize', resize],
  ['Sigmoid', sigmoid],
  ['Slice', slice],
  ['Softmax', softmax],
  ['SpaceToDepth', spaceToDepth],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Sub', subtract],
  ['Sum', variadic(() => 1)],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
  ['Upsample', upsample],
]);
