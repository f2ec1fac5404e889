import type { InputNode } from '../../ts/graph.js';
import type { Arithmetic } from './arithmetic.js';
import { defaultSteps } from './options.js';
import type { ReferenceOptions } from './options.js';
import { uniformSource } from './philox.js';
import { elementCount, reals } from './value.js';
import type { Value } from './value.js';

/** The value of the input node in each step of a row. */
export type Encoder = (step: number) => Value;

/** An observation as the first layer gets it: taken in, in two halves, or with the constant 1 behind it. */
export function prepared(
  observation: readonly number[],
  { shape, factor, offset }: InputNode,
  { twoInputNeurons = false, biasAsObservation = false }: ReferenceOptions,
  { round }: Arithmetic,
): Float64Array {
  const each = elementCount(shape.slice(1));
  const values = observation.map((value, i) => {
    const channel = Math.floor(i / each);
    const product = round((factor?.data[channel] ?? 1) * round(value));
    return factor || offset ? round(product + (offset?.data[channel] ?? 0)) : product;
  });
  const halves = [...values.map(positivePart), ...values.map((value) => positivePart(-value))];
  return Float64Array.from([
    ...(twoInputNeurons ? halves : values),
    ...(biasAsObservation ? [1] : []),
  ]);
}

function positivePart(value: number): number {
  return value < 0 ? 0 : value;
}

/** `valuesAt` gives the prepared observation of each step; `row` counts from the first of this run. */
export function encoder(
  options: ReferenceOptions,
  valuesAt: (step: number) => Float64Array,
  row: number,
  rows: number,
  inputs: number,
): Encoder {
  const { encoding = 'constant', semantics = 'direct', steps = defaultSteps } = options;
  const fires = (test: (value: number, step: number, index: number) => boolean): Encoder => {
    return (step) => spikes(valuesAt(step).map((value, i) => (test(value, step, i) ? 1 : 0)));
  };
  switch (encoding) {
    case 'constant':
      return (step) => reals(valuesAt(step));
    case 'poisson': {
      const uniform = uniformSource(options.seed ?? 0, (options.firstObservation ?? 0) + row);
      return fires((rate, step, i) =>
        semantics === 'dsqn' ? uniform(i, step) <= rate : uniform(i, step) < rate,
      );
    }
    case 'equidistant':
      return semantics === 'dsqn' ? publishedEquidistant(valuesAt) : fires(equidistant);
    case 'latency':
      return fires(
        (rate, step) =>
          rate > 0 && Math.floor((1 - Math.min(rate, 1)) * (steps - 1) + 0.5) === step,
      );
    case 'spikes': {
      const counts = options.spikes!;
      return (step) => {
        const start = (step * rows + row) * inputs;
        return spikes(Float64Array.from(counts.subarray(start, start + inputs)));
      };
    }
  }
}

function spikes(data: Float64Array): Value {
  return { spikes: true, data };
}

function equidistant(rate: number, step: number): boolean {
  return rate >= 1 || (rate > 0 && Math.floor(rate * (step + 1)) > Math.floor(rate * step));
}

/** In float32 whatever the precision, as the published encoder. */
function publishedEquidistant(valuesAt: (step: number) => Float64Array): Encoder {
  const nextSpike = new Float64Array(valuesAt(0).length).fill(1);
  return (step) =>
    spikes(
      valuesAt(step).map((value, i) => {
        const interval = Math.fround(1 / Math.fround(value));
        if (roundedToEven(Math.fround(interval * nextSpike[i]!)) !== step) return 0;
        nextSpike[i]! += 1;
        return 1;
      }),
    );
}

function roundedToEven(value: number): number {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1;
  return below % 2 === 0 ? below : below + 1;
}
