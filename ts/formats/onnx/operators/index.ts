import type { OperatorHandler } from '../context.js';
import { add } from './add.js';
import { flatten } from './flatten.js';
import { gemm } from './gemm.js';
import { identity } from './identity.js';
import { matmul } from './matmul.js';
import { relu } from './relu.js';
import { reshape } from './reshape.js';

/** To support another operator, add its file here and its line to `docs/formats.md`. */
export const operators: ReadonlyMap<string, OperatorHandler> = new Map([
  ['Add', add],
  ['Flatten', flatten],
  ['Gemm', gemm],
  ['Identity', identity],
  ['MatMul', matmul],
  ['Relu', relu],
  ['Reshape', reshape],
]);
