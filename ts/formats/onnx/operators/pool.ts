import { mismatch } from '../../../errors.js';
import type { PoolMode } from '../../../graph.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import type { Activation } from '../values.js';
import { expectPlanes, readPads, readSliding, reachOf, windowAttributes } from './windows.js';
import type { Sliding, WindowAttributes } from './windows.js';

interface Windows extends Sliding {
  /** As the file has it. */
  readonly padding: readonly number[];
  /** At the ends, for windows that ceil_mode lets begin inside and end outside. */
  readonly beyond: readonly number[];
}

function readWindows(call: OperatorCall, attributes: WindowAttributes & { ceil_mode?: number }) {
  const { inputs, label } = call;
  expectInputs(call, 1, 1);
  const source = expectActivation(inputs[0], label, 'input');
  const extents = source.shape.slice(1);
  const { kernel_shape: kernel, ceil_mode: ceil = 0 } = attributes;
  if (kernel?.length !== extents.length) {
    const expected = `one size for each of ${extents.length} spatial dimensions`;
    throw mismatch('E_SHAPE', `${label}: kernel_shape`, expected, kernel ?? 'none');
  }
  expectPlanes(kernel.length, label);
  const sliding = readSliding(attributes, kernel, label);
  const padding = readPads(attributes, sliding, extents, label);
  const beyond = ceil === 0 ? kernel.map(() => 0) : beyondEnds(sliding, padding, extents);
  return { source, windows: { ...sliding, padding, beyond } };
}

/** A last window that would begin in the padding behind the input is left out. */
function beyondEnds(
  sliding: Sliding,
  padding: readonly number[],
  extents: readonly number[],
): number[] {
  const reach = reachOf(sliding);
  return extents.map((extent, d) => {
    const stride = sliding.stride[d]!;
    const before = padding[d]!;
    const room = extent + before + padding[extents.length + d]! - reach[d]!;
    const steps = Math.ceil(room / stride);
    const last = steps * stride < extent + before ? steps : steps - 1;
    return Math.max(0, last * stride - room);
  });
}

function extended({ padding, beyond }: Windows): number[] {
  const before = padding.slice(0, beyond.length);
  return [...before, ...beyond.map((size, d) => size + padding[beyond.length + d]!)];
}

export const maxPool: OperatorHandler = (call) => {
  const { node, label, builder } = call;
  if ((node.output[1] ?? '') !== '') {
    throw unsupported(
      label,
      'its second output, the places of the maxima, is no value that spikes can carry',
      'export the network without it',
    );
  }
  // The order of those places.
  const kinds = { ...windowAttributes, ceil_mode: 'int', storage_order: 'int' } as const;
  const { source, windows } = readWindows(call, readAttributes(node, kinds, label));
  const { kernel, stride, dilation } = windows;
  const padding = extended(windows);
  const pool = { kind: 'pool', mode: 'max', kernel, stride, dilation, padding } as const;
  return builder.add(pool, node.name, source, label);
};

/** Padding counts if the file says so, what ceil_mode adds never does. */
export const averagePool: OperatorHandler = (call) => {
  const { node, label, builder } = call;
  const kinds = { ...windowAttributes, ceil_mode: 'int', count_include_pad: 'int' } as const;
  const { count_include_pad: counted = 0, ...attributes } = readAttributes(node, kinds, label);
  const { source, windows } = readWindows(call, attributes);
  const { kernel, stride, dilation, padding, beyond } = windows;
  const shared = { kind: 'pool', mode: 'average', kernel, stride, dilation } as const;
  if (counted === 0) {
    return builder.add({ ...shared, padding: extended(windows) }, node.name, source, label);
  }
  if (beyond.every((size) => size === 0)) {
    return builder.add({ ...shared, padding, countPadding: true }, node.name, source, label);
  }
  const dims = kernel.length;
  const around = [0, ...padding.slice(0, dims), 0, ...padding.slice(dims)];
  const padded = builder.add({ kind: 'pad', padding: around }, '', source, label);
  const absent = [...kernel.map(() => 0), ...beyond];
  return builder.add({ ...shared, padding: absent }, node.name, padded, label);
};

/** One value for each channel; its extents stay, with size 1. */
export function globalPool(mode: PoolMode): OperatorHandler {
  return (call) => {
    const { node, label, inputs } = call;
    expectInputs(call, 1, 1);
    readAttributes(node, {}, label);
    const source = expectActivation(inputs[0], label, 'input');
    return poolAll(call, source, mode, node.name);
  };
}

export function poolAll(
  { builder, label }: OperatorCall,
  source: Activation,
  mode: PoolMode,
  onnxName: string,
): Activation {
  expectPlanes(source.shape.length - 1, label);
  return builder.add({ kind: 'pool', mode }, onnxName, source, label);
}
