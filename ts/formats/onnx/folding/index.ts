import type { FoldHandler } from '../context.js';
import { constant } from './constant.js';
import { identity } from './identity.js';

/** Operators that are computed at import when everything they read is constant. */
export const folders: ReadonlyMap<string, FoldHandler> = new Map([
  ['Constant', constant],
  ['Identity', identity],
]);
