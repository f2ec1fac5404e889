import { SpiqError, mismatch, phrase } from '../../errors.js';
import type { Constant } from './constant.js';
import type { ExternalData } from './external-data.js';
import type { NodeProto } from './gen/onnx_pb.js';
import type { GraphBuilder } from './graph-builder.js';
import type { Activation, Value } from './values.js';

/** What a handler is given: one node, its inputs looked up, and the graph being built. */
export interface OperatorCall {
  readonly node: NodeProto;
  readonly label: string;
  readonly inputs: readonly (Value | undefined)[];
  readonly builder: GraphBuilder;
  readonly opset: number;
  /** The batch size, where the file fixes one. */
  readonly batch: number | undefined;
  readonly external: ExternalData;
}

/** Translates a node that reads an activation; returns what its outputs stand for, in their order. */
export type OperatorHandler = (call: OperatorCall) => Value | readonly Value[];

export type FoldCall = Omit<OperatorCall, 'builder'>;

/** Computes a node whose inputs are all constants. */
export type FoldHandler = (call: FoldCall) => Constant | readonly Constant[];

export function expectInputs(call: FoldCall, least: number, most: number): void {
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
  if (value?.kind === 'tail') {
    const { refusal } = value;
    throw unsupported(refusal.label, refusal.why, refusal.whatToDo);
  }
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

/** The constant at a place where an input may be left out. */
export function optionalConstant(
  { inputs, label }: FoldCall,
  index: number,
  role: string,
): Constant | undefined {
  const value = inputs[index];
  return value === undefined ? undefined : expectConstant(value, label, role);
}

export function unsupported(label: string, why: string, whatToDo: string): SpiqError {
  return new SpiqError('E_UNSUPPORTED', `${label}: ${why}; ${whatToDo}`);
}
