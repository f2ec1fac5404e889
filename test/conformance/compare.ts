import { expect } from 'chai';
import type { NativeTrace, Observations } from '../../ts/native.js';
import type { SimulationResult } from '../../ts/simulator.js';

/** Everything that a run says, with the rows of each array side by side. */
export interface Recorded {
  readonly out: Observations;
  readonly steps: Int32Array;
  readonly totalSpikes: Float64Array;
  readonly counts: readonly Int32Array[];
  readonly traces: readonly NativeTrace[];
}

export function recorded(result: SimulationResult): Recorded {
  const { out, steps, totalSpikes, counts = [], traces = [] } = result;
  return { out, steps, totalSpikes, counts, traces };
}

/** Joins the runs of a stream's batches to what one run over the whole stream gives; without traces. */
export function joined(parts: readonly SimulationResult[]): Recorded {
  const [first] = parts;
  return {
    out: concatenated(parts.map(({ out }) => out)),
    steps: concatenated(parts.map(({ steps }) => steps)),
    totalSpikes: concatenated(parts.map(({ totalSpikes }) => totalSpikes)),
    counts: first!.counts!.map((_, layer) =>
      concatenated(parts.map(({ counts }) => counts![layer]!)),
    ),
    traces: [],
  };
}

type Numbers = Float32Array | Float64Array | Int32Array;

function concatenated<T extends Numbers>(parts: readonly T[]): T {
  const values = parts.flatMap((part) => Array.from(part));
  return (parts[0]!.constructor as unknown as { from(list: number[]): T }).from(values);
}

function bits(values: NodeJS.TypedArray): string {
  return `${values.constructor.name} ${Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64')}`;
}

/** Bit for bit: a text for each array, so that −0 differs from 0 and a NaN equals itself. */
export function fingerprint({ out, steps, totalSpikes, counts, traces }: Recorded): string[] {
  const states = traces.flatMap(({ potential, current, spikes }) => [potential, current, spikes]);
  return [out, steps, totalSpikes, ...counts, ...states].map(bits);
}

export function expectSame(ours: Recorded, reference: Recorded, what: string): void {
  const [a, b] = [fingerprint(ours), fingerprint(reference)];
  expect(a.length, what).to.equal(b.length);
  // Not deep.equal of the texts: the difference of two long strings takes chai minutes to show.
  a.forEach((text, i) => expect(text === b[i], `${what}: array ${i} is the same`).to.equal(true));
}
