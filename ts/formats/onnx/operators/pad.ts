import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs, optionalConstant, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axisFrom } from '../folding/arrays.js';
import type { Activation } from '../values.js';
import { selected } from './select.js';

/** Zeros around the value; other modes repeat elements of it, and negative pads cut some off. */
export const pad: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 4);
  const kinds = { mode: 'string', pads: 'ints', paddings: 'ints', value: 'float' } as const;
  const { mode = 'constant', value = 0, ...attributes } = readAttributes(node, kinds, label);
  const source = expectActivation(inputs[0], label, 'input');
  const filling = optionalConstant(call, 2, 'constant_value')?.tensor.data[0] ?? value;
  if (mode === 'constant' && filling !== 0) {
    throw unsupported(label, `it pads with ${filling}`, 'pad with zeros');
  }
  const pads = readPads(call, attributes.pads, source.shape.length + 1);
  const dims = source.shape.length;
  if (mode !== 'constant') {
    return source.shape.reduce<Activation>((result, size, d) => {
      const indices = reflected(mode, pads[d]!, pads[dims + d]!, size, label);
      return selected(call, result, d, indices, node.name);
    }, source);
  }
  const cropped = source.shape.reduce<Activation>((result, size, d) => {
    const [before, after] = [Math.max(0, -pads[d]!), Math.max(0, -pads[dims + d]!)];
    const count = Math.max(0, size - before - after);
    return selected(
      call,
      result,
      d,
      Array.from({ length: count }, (_, i) => before + i),
    );
  }, source);
  const padding = pads.map((size) => Math.max(0, size));
  if (padding.every((size) => size === 0)) return cropped;
  return call.builder.add({ kind: 'pad', padding }, node.name, cropped, label);
};

/** All begins, then all ends, without those of the batch, which have to be 0. */
function readPads(
  call: OperatorCall,
  attribute: readonly number[] | undefined,
  rank: number,
): number[] {
  const { label } = call;
  const given = optionalConstant(call, 1, 'pads')?.integers(`${label}: pads`) ?? attribute ?? [];
  const stated = optionalConstant(call, 3, 'axes')?.integers(`${label}: axes`);
  const axes = (stated ?? [...Array(rank).keys()]).map((axis) => axisFrom(axis, rank, label));
  if (given.length !== 2 * axes.length) {
    throw mismatch('E_SHAPE', `${label}: pads`, `${2 * axes.length} sizes`, given);
  }
  if (given.some((size) => Math.abs(size) > 2 ** 24)) {
    throw mismatch('E_RANGE', `${label}: pads`, 'sizes up to 16777216', given);
  }
  const sizes = Array<number>(2 * rank).fill(0);
  axes.forEach((axis, index) => {
    sizes[axis] = given[index]!;
    sizes[rank + axis] = given[axes.length + index]!;
  });
  if (sizes[0] !== 0 || sizes[rank] !== 0) {
    throw unsupported(label, 'it pads the batch', 'leave the batch as it is');
  }
  return [...sizes.slice(1, rank), ...sizes.slice(rank + 1)];
}

function reflected(
  mode: string,
  before: number,
  after: number,
  size: number,
  label: string,
): number[] {
  const modes: Readonly<Partial<Record<string, (place: number) => number>>> = {
    edge: (place) => Math.min(Math.max(place, 0), size - 1),
    reflect: (place) => {
      const period = Math.max(1, 2 * (size - 1));
      const within = ((place % period) + period) % period;
      return Math.min(within, period - within);
    },
    wrap: (place) => ((place % size) + size) % size,
  };
  const source = Object.hasOwn(modes, mode) ? modes[mode] : undefined;
  if (source === undefined) {
    throw mismatch('E_FORMAT', `${label}: mode`, 'constant, edge, reflect or wrap', mode);
  }
  return Array.from({ length: Math.max(0, before + size + after) }, (_, i) => source(i - before));
}
