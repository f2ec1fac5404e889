import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { Constant, isFloating, nameOfType, storageFor } from '../constant.js';
import type { ConstantTensor } from '../constant.js';
import { expectConstant, expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';
import { TensorProto_DataType as DataType } from '../gen/onnx_pb.js';
import { broadcastShapes, broadcastTo } from './arrays.js';

type Unary = (value: number, floating: boolean) => number;
type Binary = (a: number, b: number, floating: boolean) => number;

const unaries: Readonly<Record<string, Unary>> = {
  Abs: Math.abs,
  Ceil: Math.ceil,
  Exp: Math.exp,
  Floor: Math.floor,
  Log: Math.log,
  Neg: (value) => -value,
  Not: (value) => Number(value === 0),
  Reciprocal: (value) => 1 / value,
  Relu: (value) => Math.max(0, value),
  Sqrt: Math.sqrt,
};

const arithmetic: Readonly<Record<string, Binary>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b, floating) => (floating ? a / b : Math.trunc(a / b)),
  Pow: (a, b) => a ** b,
  Max: (a, b) => Math.max(a, b),
  Min: (a, b) => Math.min(a, b),
};

const comparisons: Readonly<Record<string, Binary>> = {
  And: (a, b) => Number(a !== 0 && b !== 0),
  Equal: (a, b) => Number(a === b),
  Greater: (a, b) => Number(a > b),
  GreaterOrEqual: (a, b) => Number(a >= b),
  Less: (a, b) => Number(a < b),
  LessOrEqual: (a, b) => Number(a <= b),
  Or: (a, b) => Number(a !== 0 || b !== 0),
};

function foldUnary(compute: Unary): FoldHandler {
  return (call) => {
    expectInputs(call, 1, 1);
    readAttributes(call.node, {}, call.label);
    const source = expectConstant(call.inputs[0], call.label, 'input');
    return new Constant(() => {
      const { type, shape, data } = source.tensor;
      const result = storageFor(type, data.length);
      const floating = isFloating(type);
      for (let index = 0; index < data.length; index += 1) {
        result[index] = compute(data[index]!, floating);
      }
      return { type, shape, data: result };
    });
  };
}

/** Of two or, for Max and Min, any number of operands; `type` is that of the result if not theirs. */
function foldBinary(compute: Binary, most: number, type?: number): FoldHandler {
  return (call) => {
    expectInputs(call, Math.min(2, most), most);
    readAttributes(call.node, {}, call.label);
    const operands = call.inputs.map((input) => expectConstant(input, call.label, 'operand'));
    return new Constant(() =>
      operands
        .map(({ tensor }) => tensor)
        .reduce((total, operand) => combine(total, operand, compute, call.label, type)),
    );
  };
}

function combine(
  a: ConstantTensor,
  b: ConstantTensor,
  compute: Binary,
  label: string,
  type = a.type,
): ConstantTensor {
  if (isFloating(a.type) !== isFloating(b.type)) {
    throw mismatch('E_FORMAT', `${label}: operands`, nameOfType(a.type), nameOfType(b.type));
  }
  const shape = broadcastShapes(a.shape, b.shape, label);
  const [left, right] = [broadcastTo(a, shape, label), broadcastTo(b, shape, label)];
  const floating = isFloating(a.type);
  const data = storageFor(type, left.data.length);
  for (let index = 0; index < data.length; index += 1) {
    data[index] = compute(left.data[index]!, right.data[index]!, floating);
  }
  return { type, shape, data };
}

const where: FoldHandler = (call) => {
  expectInputs(call, 3, 3);
  readAttributes(call.node, {}, call.label);
  const [condition, yes, no] = call.inputs.map((input) =>
    expectConstant(input, call.label, 'operand'),
  );
  return new Constant(() => {
    const parts = [condition!.tensor, yes!.tensor, no!.tensor];
    const shape = parts
      .map((part) => part.shape)
      .reduce((all, part) => broadcastShapes(all, part, call.label));
    const [chosen, a, b] = parts.map((part) => broadcastTo(part, shape, call.label));
    const { type } = yes!.tensor;
    const data = storageFor(type, chosen!.data.length);
    for (let index = 0; index < data.length; index += 1) {
      data[index] = (chosen!.data[index] === 0 ? b! : a!).data[index]!;
    }
    return { type, shape, data };
  });
};

/** Folders of operators that work element by element. */
export const elementwise: readonly (readonly [string, FoldHandler])[] = [
  ...Object.entries(unaries).map(([name, compute]) => [name, foldUnary(compute)] as const),
  ...Object.entries(arithmetic).map(([name, compute]) => {
    const most = name === 'Max' || name === 'Min' ? Infinity : 2;
    return [name, foldBinary(compute, most)] as const;
  }),
  ...Object.entries(comparisons).map(
    ([name, compute]) => [name, foldBinary(compute, 2, DataType.BOOL)] as const,
  ),
  ['Where', where],
];
