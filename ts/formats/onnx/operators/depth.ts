import { mismatch } from '../../../errors.js';
import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import type { Activation } from '../values.js';
import { permuted, reshaped } from './channels.js';

function readBlock(call: OperatorCall, size: number | undefined): readonly [Activation, number] {
  const { inputs, label } = call;
  expectInputs(call, 1, 1);
  const source = expectActivation(inputs[0], label, 'input');
  if (source.shape.length !== 3 || size === undefined || size < 1) {
    throw mismatch('E_SHAPE', label, 'an image and a blocksize of at least 1', source.shape);
  }
  return [source, size];
}

/** Blocks of channels become blocks of pixels (PixelShuffle). */
export const depthToSpace: OperatorHandler = (call) => {
  const kinds = { blocksize: 'int', mode: 'string' } as const;
  const { blocksize, mode = 'DCR' } = readAttributes(call.node, kinds, call.label);
  const [source, block] = readBlock(call, blocksize);
  const [channels, height, width] = source.shape as [number, number, number];
  const depth = channels / block ** 2;
  const [shape, axes] =
    mode === 'CRD'
      ? [
          [depth, block, block, height, width],
          [0, 3, 1, 4, 2],
        ]
      : [
          [block, block, depth, height, width],
          [2, 3, 0, 4, 1],
        ];
  const arranged = permuted(call, reshaped(call, source, shape), axes);
  return reshaped(call, arranged, [depth, height * block, width * block], call.node.name);
};

export const spaceToDepth: OperatorHandler = (call) => {
  const kinds = { blocksize: 'int', mode: 'string' } as const;
  const { blocksize, mode = 'DCR' } = readAttributes(call.node, kinds, call.label);
  const [source, block] = readBlock(call, blocksize);
  const [channels, height, width] = source.shape as [number, number, number];
  const [rows, columns] = [height / block, width / block];
  const apart = reshaped(call, source, [channels, rows, block, columns, block]);
  const axes = mode === 'CRD' ? [0, 2, 4, 1, 3] : [2, 4, 0, 1, 3];
  const arranged = permuted(call, apart, axes);
  return reshaped(call, arranged, [channels * block ** 2, rows, columns], call.node.name);
};
