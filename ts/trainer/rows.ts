import { checkFloatArray, checkNames, rowsOf } from '../check.js';
import { mismatch } from '../errors.js';
import type { Observations, Precision } from '../native.js';
import type { StreamPosition } from '../simulator.js';

interface Sized {
  readonly inputSize: number;
  readonly outputSize: number;
}

/** Room for the outputs of so many observations. */
export function outputRoom(
  { inputSize, outputSize }: Sized,
  observations: Observations,
  precision: Precision,
): Observations {
  checkFloatArray(observations, 'observations');
  const size = rowsOf(observations, inputSize, 'observations') * outputSize;
  return precision === 'float64' ? new Float64Array(size) : new Float32Array(size);
}

const positionNames = ['seed', 'firstObservation'] as const;

export function checkPosition(position: StreamPosition): Required<StreamPosition> {
  checkNames(position, positionNames, 'position');
  const { seed = 0, firstObservation = 0 } = position;
  for (const value of [seed, firstObservation]) {
    if (!Number.isSafeInteger(value) || value < 0)
      throw mismatch('E_RANGE', 'position', 'whole numbers from 0 to 2^53 − 1', value);
  }
  return { seed, firstObservation };
}

/** Nothing where it is the beginning, which spares the addon two numbers. */
export function positionCall(position: StreamPosition): [seed?: number, firstObservation?: number] {
  const { seed, firstObservation } = checkPosition(position);
  return seed === 0 && firstObservation === 0 ? [] : [seed, firstObservation];
}

export function checkBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array))
    throw mismatch('E_ARGUMENT', 'state of training', 'a Uint8Array', bytes);
}
