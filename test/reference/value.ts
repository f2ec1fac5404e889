/** What a node gives in a step, in row-major order: counts of spikes with their sign, or real numbers. */
export interface Value {
  readonly spikes: boolean;
  readonly data: Float64Array;
}

/** What a node does in each step of one row; it may keep a state. */
export type Operator = (inputs: readonly Value[]) => Value;

/** Makes a node's operator for a new row. */
export type OperatorMaker = () => Operator;

export function reals(data: Float64Array): Value {
  return { spikes: false, data };
}

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}
