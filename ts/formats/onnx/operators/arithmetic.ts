import { mismatch } from '../../../errors.js';
import type { Tensor } from '../../../graph.js';
import { sameShape } from '../../sizes.js';
import { readAttributes } from '../attributes.js';
import { Constant } from '../constant.js';
import { expectActivation, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axisFrom } from '../folding/arrays.js';
import type { Activation, Value } from '../values.js';
import { alongAxis, filled, scaled, withChannels } from './channels.js';

/** y = factor · x + offset with constants in the shapes that ONNX broadcasts. */
function affine(
  call: OperatorCall,
  source: Activation,
  { factor, offset }: { readonly factor?: Tensor; readonly offset?: Tensor },
  sign = 1,
): Activation {
  const { builder, label, node } = call;
  const constants = [factor, offset].filter((constant) => constant !== undefined);
  return withChannels(call, source, constants, (arranged, channels) => {
    const [size] = arranged.shape as [number];
    const scale = {
      kind: 'scale',
      factor: factor === undefined ? filled(size, sign) : channels[0]!,
      ...(offset !== undefined && { offset: channels.at(-1)! }),
    } as const;
    return builder.add(scale, node.name, arranged, label);
  });
}

/** Opset 6 says with which axis a second operand of fewer dimensions begins. */
function operands(call: OperatorCall): readonly [Value, Value] {
  expectInputs(call, 2, 2);
  const { node, label, opset } = call;
  if (opset >= 7) readAttributes(node, {}, label);
  const kinds = { axis: 'int', broadcast: 'int' } as const;
  const { axis } = opset < 7 ? readAttributes(node, kinds, label) : {};
  const [a, b] = call.inputs as readonly [Value, Value];
  if (axis === undefined || a.kind !== 'activation' || b.kind !== 'constant') return [a, b];
  const rank = a.shape.length + 1;
  const { tensor } = b;
  const { shape } = alongAxis(b.floats(label), axisFrom(axis, rank, label), rank);
  return [a, new Constant(() => ({ ...tensor, shape }))];
}

function mapTensor({ shape, data }: Tensor, change: (value: number) => number): Tensor {
  return { shape, data: data.map(change) };
}

/** A constant, which may come first or second, or another activation. */
export const add: OperatorHandler = (call) => {
  const [a, b] = operands(call);
  const { label } = call;
  if (a.kind === 'constant') {
    return affine(call, expectActivation(b, label, 'operand'), { offset: a.floats(label) });
  }
  const source = expectActivation(a, label, 'operand');
  if (b.kind === 'constant') return affine(call, source, { offset: b.floats(label) });
  return sum(call, [source, expectActivation(b, label, 'operand')]);
};

export const subtract: OperatorHandler = (call) => {
  const [a, b] = operands(call);
  const { label } = call;
  if (a.kind === 'constant') {
    const source = expectActivation(b, label, 'operand');
    return affine(call, source, { offset: a.floats(label) }, -1);
  }
  const source = expectActivation(a, label, 'operand');
  if (b.kind === 'constant') {
    return affine(call, source, { offset: mapTensor(b.floats(label), (value) => -value) });
  }
  const other = expectActivation(b, label, 'operand');
  if (source.node === other.node) throw alwaysZero(label);
  return sum(call, [source, other], [1, -1]);
};

export const multiply: OperatorHandler = (call) => {
  const [a, b] = operands(call);
  const { label } = call;
  if (a.kind === 'constant') {
    return affine(call, expectActivation(b, label, 'operand'), { factor: a.floats(label) });
  }
  const source = expectActivation(a, label, 'operand');
  if (b.kind === 'constant') return affine(call, source, { factor: b.floats(label) });
  expectActivation(b, label, 'operand');
  throw unsupported(
    label,
    'it multiplies two computed values (as gates, attention and a decomposed HardSwish or SiLU do), which spikes cannot',
    'train the network with ReLU and without gates',
  );
};

export const divide: OperatorHandler = (call) => {
  const [a, b] = operands(call);
  const { label } = call;
  if (b.kind !== 'constant') {
    expectActivation(b, label, 'operand');
    throw unsupported(
      label,
      'it divides by a computed value, which spikes cannot',
      'export the network without it',
    );
  }
  const divisor = b.floats(label);
  if (divisor.data.includes(0)) throw mismatch('E_NOT_FINITE', label, 'divisors other than 0', 0);
  const source = expectActivation(a, label, 'operand');
  return affine(call, source, { factor: mapTensor(divisor, (value) => 1 / value) });
};

export const negate: OperatorHandler = (call) => {
  expectInputs(call, 1, 1);
  readAttributes(call.node, {}, call.label);
  return scaled(call, expectActivation(call.inputs[0], call.label, 'input'), -1, call.node.name);
};

/** Sum and Mean of any number of operands. */
export function variadic(factor: (count: number) => number): OperatorHandler {
  return (call) => {
    const { inputs, label, node } = call;
    expectInputs(call, 1, Infinity);
    readAttributes(node, {}, label);
    const sources = inputs.map((input) => expectActivation(input, label, 'operand'));
    const each = factor(sources.length);
    if (sources.length === 1) return sources[0]!;
    const total = sum(call, sources);
    return each === 1 ? total : scaled(call, total, each);
  };
}

/** What is repeated is scaled, since a graph has one edge between two nodes; what is smaller is spread. */
function sum(
  call: OperatorCall,
  sources: readonly Activation[],
  signs: readonly number[] = sources.map(() => 1),
): Activation {
  const { builder, label, node } = call;
  const shape = commonShape(sources, label);
  const factors = new Map<string, number>();
  sources.forEach((source, index) => {
    factors.set(source.node, (factors.get(source.node) ?? 0) + signs[index]!);
  });
  const distinct = sources.filter(
    (source, index) => sources.findIndex((other) => other.node === source.node) === index,
  );
  const terms = distinct.map((source) =>
    spreadOver(call, source, shape, factors.get(source.node)!),
  );
  const [only] = terms as [Activation];
  return terms.length === 1 ? only : builder.add({ kind: 'add' }, node.name, terms, label);
}

function alwaysZero(label: string) {
  return unsupported(label, 'a value less itself is always 0', 'export the network without it');
}

function commonShape(sources: readonly Activation[], label: string): readonly number[] {
  const [first] = sources as [Activation];
  const other = sources.find(({ shape }) => shape.length !== first.shape.length);
  if (other !== undefined) {
    const expected = `operands of ${first.shape.length + 1} dimensions throughout`;
    throw mismatch('E_UNSUPPORTED', label, expected, ['batch', ...other.shape]);
  }
  return first.shape.map((_, axis) => Math.max(...sources.map(({ shape }) => shape[axis]!)));
}

/** `factor` times an activation, repeated along dimensions of size 1 to `shape`. */
function spreadOver(
  call: OperatorCall,
  source: Activation,
  shape: readonly number[],
  factor: number,
): Activation {
  const { builder, label } = call;
  if (sameShape(source.shape, shape)) return factor === 1 ? source : scaled(call, source, factor);
  if (shape.length === 1 && source.shape[0] === 1) {
    const weight = { shape: [shape[0]!, 1], data: filled(shape[0]!, factor).data };
    return builder.add({ kind: 'dense', weight }, '', source, label);
  }
  const spread = repeated(call, source, shape);
  return factor === 1 ? spread : scaled(call, spread, factor);
}

/** An activation repeated along dimensions of size 1. */
export function repeated(
  { builder, label }: OperatorCall,
  source: Activation,
  shape: readonly number[],
): Activation {
  return shape.reduce((result, size, axis) => {
    const own = result.shape[axis]!;
    if (own === size) return result;
    if (own !== 1) {
      throw mismatch(
        'E_SHAPE',
        label,
        `a shape that broadcasts to ${shape.join(' × ')}`,
        source.shape,
      );
    }
    const indices = Array<number>(size).fill(0);
    return builder.add({ kind: 'select', axis, indices }, '', result, label);
  }, source);
}
