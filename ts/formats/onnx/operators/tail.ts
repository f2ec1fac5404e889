import { readAttributes } from '../attributes.js';
import { expectActivation, expectInputs, unsupported } from '../context.js';
import type { OperatorCall, OperatorHandler } from '../context.js';
import { axisFrom } from '../folding/arrays.js';
import type { Activation, Tail, TailStep } from '../values.js';

interface Refusal {
  readonly why: string;
  readonly whatToDo: string;
}

const hidden: Refusal = {
  why: 'a spiking neuron computes a ReLU and no other activation, so that this one may only stand at the end',
  whatToDo: 'train the network with ReLU in this place',
};

/** What may only be followed by outputs; they read `source`, and whoever uses them does the rest. */
export function behind(
  { node, label }: OperatorCall,
  source: Activation,
  shape: readonly number[],
  refusal: Refusal,
  step: Omit<TailStep, 'operator' | 'node'> = {},
): Tail {
  return {
    kind: 'tail',
    source,
    steps: [{ operator: node.opType, node: node.name, ...step }],
    refusal: { label, ...refusal },
    shape,
  };
}

/** Its numbers and their order are the same. */
export function rearrangedTail(tail: Tail, shape: readonly number[]): Tail {
  return { ...tail, shape };
}

export const sigmoid: OperatorHandler = (call) => {
  expectInputs(call, 1, 1);
  readAttributes(call.node, {}, call.label);
  const source = expectActivation(call.inputs[0], call.label, 'input');
  return behind(call, source, source.shape, hidden);
};

/** Softmax and LogSoftmax; before opset 13 over all dimensions from `axis` on together. */
export const softmax: OperatorHandler = (call) => {
  const { node, label, inputs, opset } = call;
  expectInputs(call, 1, 1);
  const joined = opset < 13;
  const { axis: given = joined ? 1 : -1 } = readAttributes(node, { axis: 'int' } as const, label);
  const source = expectActivation(inputs[0], label, 'input');
  const axis = featureAxis(given, source, label);
  return behind(call, source, source.shape, hidden, { axis, ...(joined && { joined }) });
};

export const argMax: OperatorHandler = (call) => {
  const { node, label, inputs } = call;
  expectInputs(call, 1, 1);
  const kinds = { axis: 'int', keepdims: 'int', select_last_index: 'int' } as const;
  const attributes = readAttributes(node, kinds, label);
  const { axis: given = 0, keepdims = 1, select_last_index: last = 0 } = attributes;
  const source = expectActivation(inputs[0], label, 'input');
  const axis = featureAxis(given, source, label);
  const shape = source.shape.flatMap((size, d) =>
    d !== axis - 1 ? [size] : keepdims === 0 ? [] : [1],
  );
  const refusal = {
    why: 'it turns the values into a choice, after which no network can follow',
    whatToDo: 'export the network up to the values before it',
  };
  return behind(call, source, shape, refusal, { axis, ...(last !== 0 && { last: true }) });
};

function featureAxis(given: number, source: Activation, label: string): number {
  const axis = axisFrom(given, source.shape.length + 1, label);
  if (axis > 0) return axis;
  throw unsupported(label, 'axis 0 mixes observations', 'choose another axis');
}
