import { mismatch } from '../../../errors.js';
import type { Tensor } from '../../../graph.js';
import { readAttributes } from '../attributes.js';
import {
  expectActivation,
  expectConstant,
  expectInputs,
  optionalConstant,
  unsupported,
} from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import type { Activation, Value } from '../values.js';
import { alongAxis, filled, uniformValue, withChannels } from './channels.js';

export const relu: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 1, 1);
  readAttributes(node, {}, label);
  const source = expectActivation(inputs[0], label, 'input');
  return builder.add({ kind: 'relu' }, node.name, source, label);
};

export const leakyRelu: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 1, 1);
  const { alpha = Math.fround(0.01) } = readAttributes(node, { alpha: 'float' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  return builder.add({ kind: 'relu', slope: alpha }, node.name, source, label);
};

export const parametricRelu: OperatorHandler = (call) => {
  const { node, label, inputs, builder } = call;
  expectInputs(call, 2, 2);
  readAttributes(node, {}, label);
  const source = expectActivation(inputs[0], label, 'input');
  const given = expectConstant(inputs[1], label, 'slope').floats(`${label}: slope`);
  // Opset 6 means the channels, wherever a list of slopes would be broadcast to.
  const slope = call.opset < 7 ? alongAxis(given, 1, source.shape.length + 1) : given;
  return withChannels(call, source, [slope], (arranged, [slopes]) => {
    const same = uniformValue(slopes!);
    const slant = same === undefined ? { slopes: slopes! } : { slope: same };
    return builder.add({ kind: 'relu', ...slant }, node.name, arranged, label);
  });
};

/** Bounds as attributes (before opset 11) or as inputs that may be left out. */
export const clip: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 3);
  const attributes = readAttributes(node, { min: 'float', max: 'float' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  const bound = (index: number, role: string): number | undefined => {
    const tensor = optionalConstant(call, index, role)?.floats(`${label}: ${role}`);
    if (tensor === undefined || tensor.data.length === 1) return tensor?.data[0];
    throw mismatch('E_SHAPE', `${label}: ${role}`, 'one number', tensor.shape);
  };
  const low = bound(1, 'min') ?? attributes.min ?? -Infinity;
  const high = bound(2, 'max') ?? attributes.max ?? Infinity;
  return bounded(call, source, low, high);
};

/** Bounds as far out as float32 goes are none. */
const largest = 3.4028234e38;

function bounded(call: OperatorCall, source: Activation, low: number, high: number): Activation {
  const { builder, label, node } = call;
  const [hasLow, hasHigh] = [low > -largest, high < largest];
  if (hasLow && low >= high) {
    throw unsupported(
      label,
      `its bounds ${low} and ${high} leave one value`,
      'export the network without it',
    );
  }
  if (!hasLow && !hasHigh) return source;
  if (!hasLow) return atMost(call, source, { shape: [], data: Float32Array.of(high) });
  const cap = hasHigh ? { cap: high - low } : {};
  if (low === 0) return builder.add({ kind: 'relu', ...cap }, node.name, source, label);
  const lowered = shifted(call, source, filled(source.shape[0]!, -low));
  const active = builder.add({ kind: 'relu', ...cap }, node.name, lowered, label);
  return shifted(call, active, filled(source.shape[0]!, low));
}

function shifted({ builder, label }: OperatorCall, source: Activation, offset: Tensor, factor = 1) {
  const scale = { kind: 'scale', factor: filled(source.shape[0]!, factor), offset } as const;
  return builder.add(scale, '', source, label);
}

function negated({ shape, data }: Tensor): Tensor {
  return { shape, data: data.map((value) => (value === 0 ? 0 : -value)) };
}

/** max(x, c) = relu(x − c) + c */
function atLeast(call: OperatorCall, source: Activation, floor: Tensor): Activation {
  const { builder, label, node } = call;
  return withChannels(call, source, [floor], (arranged, [low]) => {
    if (uniformValue(low!) === 0) return builder.add({ kind: 'relu' }, node.name, arranged, label);
    const lowered = shifted(call, arranged, negated(low!));
    return shifted(call, builder.add({ kind: 'relu' }, node.name, lowered, label), low!);
  });
}

/** min(x, c) = c − relu(c − x), or a cap where x is known to be at least 0. */
function atMost(call: OperatorCall, source: Activation, ceiling: Tensor): Activation {
  const { builder, label, node } = call;
  return withChannels(call, source, [ceiling], (arranged, [high]) => {
    const cap = uniformValue(high!);
    if (cap !== undefined && cap > 0 && isRectified(call, arranged)) {
      return builder.add({ kind: 'relu', cap }, node.name, arranged, label);
    }
    const below = shifted(call, arranged, high!, -1);
    return shifted(call, builder.add({ kind: 'relu' }, node.name, below, label), high!, -1);
  });
}

function isRectified({ builder }: OperatorCall, source: Activation): boolean {
  const { node } = builder.nodeOf(source);
  return node.kind === 'relu' && (node.slope ?? 0) === 0 && node.slopes === undefined;
}

/** Max or Min of one computed value and constants. */
function extremum(
  bound: (call: OperatorCall, source: Activation, limit: Tensor) => Activation,
  leaky: boolean,
): OperatorHandler {
  return (call) => {
    const { node, label, inputs } = call;
    expectInputs(call, 1, Infinity);
    readAttributes(node, {}, label);
    const given = inputs as readonly Value[];
    const sources = given.filter((input) => input.kind !== 'constant');
    const [source, other] = sources.map((input) => expectActivation(input, label, 'operand'));
    if (other !== undefined) {
      const slanted = leaky && given.length === 2 ? asLeakyRelu(call, source!, other) : undefined;
      if (slanted !== undefined) return slanted;
      throw unsupported(
        label,
        'it compares two computed values, which spikes cannot',
        'use a maximum or minimum with a constant, or MaxPool',
      );
    }
    const limits = given.flatMap((input) =>
      input.kind === 'constant' ? [input.floats(label)] : [],
    );
    return limits.reduce((result, limit) => bound(call, result, limit), source!);
  };
}

/** max(x, a · x) with a from 0 to 1, which is how some exporters write LeakyReLU. */
function asLeakyRelu(call: OperatorCall, a: Activation, b: Activation): Activation | undefined {
  for (const [source, slanted] of [
    [a, b],
    [b, a],
  ] as const) {
    const { node, sources } = call.builder.nodeOf(slanted);
    if (node.kind !== 'scale' || node.offset !== undefined || sources[0] !== source.node) continue;
    const slope = uniformValue(node.factor);
    if (slope === undefined || slope < 0 || slope > 1) continue;
    return call.builder.add({ kind: 'relu', slope }, call.node.name, source, call.label);
  }
  return undefined;
}

export const maximum = extremum(atLeast, true);
export const minimum = extremum(atMost, false);
