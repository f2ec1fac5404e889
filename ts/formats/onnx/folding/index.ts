import type { FoldHandler } from '../context.js';
import { cast, castLike } from './cast.js';
import { constant } from './constant.js';
import { elementwise } from './elementwise.js';
import { identity } from './identity.js';
import { dequantise } from './quantised.js';
import { concat, gather, slice, split, tile, transpose } from './rearrange.js';
import {
  constantOfShape,
  expand,
  flatten,
  range,
  reshape,
  shape,
  size,
  squeeze,
  unsqueeze,
} from './shapes.js';

/** Operators that are computed at import when everything they read is constant. */
export const folders: ReadonlyMap<string, FoldHandler> = new Map([
  ...elementwise,
  ['Cast', cast],
  ['CastLike', castLike],
  ['Concat', concat],
  ['Constant', constant],
  ['ConstantOfShape', constantOfShape],
  ['DequantizeLinear', dequantise],
  ['Expand', expand],
  ['Flatten', flatten],
  ['Gather', gather],
  ['Identity', identity],
  ['Range', range],
  ['Reshape', reshape],
  ['Slice', slice],
  ['Split', split],
  ['Squeeze', squeeze],
  ['Tile', tile],
  ['Transpose', transpose],
  ['Unsqueeze', unsqueeze],
]);

/** Operators that look at the shape of their input alone, which an activation has too. */
export const shapeFolders: ReadonlyMap<string, FoldHandler> = new Map([
  ['Shape', shape],
  ['Size', size],
]);
