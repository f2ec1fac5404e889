import { readAttributes } from '../attributes.js';
import { expectActivation, expectConstant, expectInputs, optionalConstant } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import {
  expectPlanes,
  explicitPads,
  halved,
  readAutoPad,
  readPads,
  readSliding,
  reachOf,
  windowAttributes,
} from './windows.js';
import { mismatch } from '../../../errors.js';

function readWeights(call: OperatorCall) {
  const { inputs, label } = call;
  expectInputs(call, 2, 3);
  const source = expectActivation(inputs[0], label, 'input');
  const weight = expectConstant(inputs[1], label, 'weight').floats(`${label}: weight`);
  const kernel = weight.shape.slice(2);
  expectPlanes(kernel.length, label);
  const bias = optionalConstant(call, 2, 'bias')?.floats(`${label}: bias`);
  if (source.shape.length !== kernel.length + 1) {
    const expected = `an input of [batch, channels] and ${kernel.length} spatial dimensions`;
    throw mismatch('E_SHAPE', label, expected, ['batch', ...source.shape]);
  }
  return { source, weight, kernel, extents: source.shape.slice(1), ...(bias && { bias }) };
}

export const conv: OperatorHandler = (call) => {
  const { node, label, builder } = call;
  const { source, kernel, extents, ...weights } = readWeights(call);
  const kinds = { ...windowAttributes, group: 'int' } as const;
  const { group: groups = 1, ...attributes } = readAttributes(node, kinds, label);
  const sliding = readSliding(attributes, kernel, label);
  const { stride, dilation } = sliding;
  const padding = readPads(attributes, sliding, extents, label);
  const convolution = { kind: 'conv', ...weights, stride, dilation, padding, groups } as const;
  return builder.add(convolution, node.name, source, label);
};

export const convTranspose: OperatorHandler = (call) => {
  const { node, label, builder } = call;
  const { source, kernel, extents, ...weights } = readWeights(call);
  const kinds = {
    ...windowAttributes,
    group: 'int',
    output_padding: 'ints',
    output_shape: 'ints',
  } as const;
  const { group: groups = 1, ...attributes } = readAttributes(node, kinds, label);
  const sliding = readSliding(attributes, kernel, label);
  const { stride, dilation } = sliding;
  const mode = readAutoPad(attributes, label);
  const extra = attributes.output_padding ?? kernel.map(() => 0);
  const wanted = wantedExtents(attributes.output_shape, mode, extents, stride);
  if (extra.length !== kernel.length || (wanted !== undefined && wanted.length !== kernel.length)) {
    const expected = `${kernel.length} sizes`;
    throw mismatch(
      'E_SHAPE',
      `${label}: output_padding and output_shape`,
      expected,
      wanted ?? extra,
    );
  }
  const reach = reachOf(sliding);
  const surplus = wanted?.map(
    (size, d) => (extents[d]! - 1) * stride[d]! + extra[d]! + reach[d]! - size,
  );
  const padding =
    surplus === undefined
      ? explicitPads(mode === 'VALID' ? undefined : attributes.pads, kernel.length, label)
      : halved(
          surplus.map((size) => Math.max(0, size)),
          mode === 'SAME_UPPER',
        );
  // An output larger than the taps reach is filled up at its end.
  const outputPadding = extra.map((size, d) => size + Math.max(0, -(surplus?.[d] ?? 0)));
  const spreading = { ...weights, stride, dilation, padding, groups, outputPadding };
  return builder.add({ kind: 'conv_transpose', ...spreading }, node.name, source, label);
};

/** The extents that the output is to have, where pads do not decide. */
function wantedExtents(
  stated: readonly number[] | undefined,
  mode: string,
  extents: readonly number[],
  stride: readonly number[],
): readonly number[] | undefined {
  // Some exporters state batch and channels too.
  if (stated !== undefined) return stated.slice(-extents.length);
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    return extents.map((extent, d) => extent * stride[d]!);
  }
  return undefined;
}
