import { elementsOf } from '../sizes.js';
import type { TailStep } from './values.js';

type Shape = readonly number[];

/** Row-major results of one observation each, as a tail leaves them. */
export interface TailResult {
  readonly data: Float32Array;
  /** Of each choice of an ArgMax, how far the best value lies above the second. */
  readonly margins?: Float32Array;
}

/** What the operators behind a network make of its outputs; `shape` is that of one observation. */
export function applyTail(
  rows: Float32Array,
  shape: Shape,
  steps: readonly TailStep[],
): TailResult {
  return steps.reduce<TailResult>((result, step) => apply(result, shape, step), { data: rows });
}

function apply({ data }: TailResult, shape: Shape, step: TailStep): TailResult {
  switch (step.operator) {
    case 'Sigmoid':
      return { data: data.map((value) => 1 / (1 + Math.exp(-value))) };
    case 'Softmax':
    case 'LogSoftmax': {
      const result = data.slice();
      for (const places of lines(data.length, shape, step))
        normalise(result, places, step.operator);
      return { data: result };
    }
    case 'ArgMax':
      return choose(data, lines(data.length, shape, step), step.last ?? false);
    default:
      // What changes only the shape.
      return { data };
  }
}

/** The places of the elements that belong together along an axis, for all rows. */
function* lines(count: number, shape: Shape, { axis = 1, joined = false }: TailStep) {
  const own = axis - 1;
  const length = joined ? elementsOf(shape.slice(own)) : shape[own]!;
  const stride = joined ? 1 : elementsOf(shape.slice(own + 1));
  for (let block = 0; block < count; block += length * stride) {
    for (let offset = 0; offset < stride; offset += 1) {
      yield Array.from({ length }, (_, index) => block + offset + index * stride);
    }
  }
}

function normalise(data: Float32Array, places: readonly number[], operator: string): void {
  const most = places.reduce((top, place) => Math.max(top, data[place]!), -Infinity);
  const sum = places.reduce((total, place) => total + Math.exp(data[place]! - most), 0);
  for (const place of places) {
    const shifted = data[place]! - most;
    data[place] = operator === 'Softmax' ? Math.exp(shifted) / sum : shifted - Math.log(sum);
  }
}

function choose(
  data: Float32Array,
  places: Iterable<readonly number[]>,
  last: boolean,
): TailResult {
  const [choices, margins]: [number[], number[]] = [[], []];
  for (const line of places) {
    const values = line.map((place) => data[place]!);
    const most = Math.max(...values);
    const best = last ? values.lastIndexOf(most) : values.indexOf(most);
    const others = values.filter((_, index) => index !== best);
    choices.push(best);
    margins.push(values[best]! - Math.max(-Infinity, ...others));
  }
  return { data: Float32Array.from(choices), margins: Float32Array.from(margins) };
}
