import { SpiqError, mismatch, phrase } from '../../errors.js';
import type { NodeProto } from './gen/onnx_pb.js';
import type { GraphBuilder } from './graph-builder.js';
import type { Activation, Constant, Value } from './values.js';

/** What a handler is given: one node, its inputs looked up, and the graph being built. */
export interface OperatorCall {
  readonly node: NodeProto;
  readonly label: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly builder: GraphBuilder;
}

/** Translates a node that reads an activation; returns what its one output stands for. */
export type OperatorHandler = (call: OperatorCall) => Value;

/** Computes a node whose inputs are all constants. */
export type FoldHandler = (call: Omit<OperatorCall, 'builder'>) => Constant;

export function expectInputs(
  call: Omit<OperatorCall, 'builder'>,
  least: number,
  most: number,
): void {
  const count = call.inputs.length;
  const missing = call.inputs.slice(0, least).some((input) => input === undefined);
  if (count >= least && count <= most && !missing) return;
  const expected = least === most ? String(least) : `${least} to ${most}`;
  throw mismatch('E_FORMAT', `${call.label}: inputs`, expected, call.node.input);
}

export function expectActivation(
  value: Value | undefined,
  label: string,
  role: string,
): Activation {
  if (value?.kind === 'activation') return value;
  throw mismatch(
    'E_UNSUPPORTED',
    `${label}: ${role}`,
    'a value computed from the input',
    phrase('a constant'),
  );
}

export function expectConstant(value: Value | undefined, label: string, role: string): Constant {
  if (value?.kind === 'constant') return value;
  const expected = 'a constant (an initialiser or Constant node)';
  throw mismatch(
    'E_UNSUPPORTED',
    `${label}: ${role}`,
    expected,
    phrase('a value computed from the input'),
  );
}

export function unsupported(label: string, why: string, whatToDo: string): SpiqError {
  return new SpiqError('E_UNSUPPORTED', `${label}: ${why}; ${whatToDo}`);
}
