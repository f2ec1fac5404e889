import { nets } from '../simulate/nets.js';
import type { NetName } from '../simulate/nets.js';

export interface ForwardCase {
  readonly name: string;
  readonly net: NetName;
  readonly batch: number;
  readonly threads: number;
}

export const forwardCases: readonly ForwardCase[] = (Object.keys(nets) as NetName[]).flatMap(
  (net) =>
    [1, 32].flatMap((batch) =>
      [1, 2].map((threads) => ({
        name: `forward/${net}-b${batch}-t${threads}`,
        net,
        batch,
        threads,
      })),
    ),
);

export interface ForwardOutcome {
  readonly name: string;
  /** Microseconds of a call, medians. */
  readonly spiq: number;
  readonly onnxruntime: number;
  /** How many times onnxruntime's rate spiq reaches. */
  readonly ratio: number;
  readonly largestDeviation: number;
}
