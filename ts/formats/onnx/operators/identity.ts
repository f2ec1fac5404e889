import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs } from '../context.js';
import type { OperatorHandler } from '../context.js';

/** Another name for the same value: no node of its own. */
export const identity: OperatorHandler = (call) => {
  expectInputs(call, 1, 1);
  readAttributes(call.node, {}, call.label);
  return expectActivation(call.inputs[0], call.label, 'input');
};
