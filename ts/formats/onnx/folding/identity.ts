import { readAttributes } from '../attributes.js';
import { expectConstant, expectInputs } from '../context.js';
import type { FoldHandler } from '../context.js';

/** Exporters write equal weights once and name them again through Identity. */
export const identity: FoldHandler = (call) => {
  expectInputs(call, 1, 1);
  readAttributes(call.node, {}, call.label);
  return expectConstant(call.inputs[0], call.label, 'input');
};
