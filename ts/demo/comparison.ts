import { decimal, percent, significant, withError } from './format.js';
import type { DemoResult } from './result.js';

export interface Comparison {
  readonly columns: readonly [string, string, string];
  readonly rows: readonly (readonly [name: string, float: string, spiking: string])[];
}

/** The numbers that page and terminal both show; a dash stands where a network has no such number. */
export function comparison({ play, simulation }: DemoResult): Comparison {
  const { float, spiking } = play;
  return {
    columns: ['', 'float network', 'spiking network'],
    rows: [
      [
        `return, mean of ${float.returns.length} episodes ± standard error`,
        withError(float.mean, float.standardError),
        withError(spiking.mean, spiking.standardError),
      ],
      ['same action as the float network', '–', percent(spiking.similarity)],
      [
        'observations per second',
        significant(float.observationsPerSecond),
        significant(spiking.observationsPerSecond),
      ],
      ['simulation steps per observation', '–', decimal(simulation.steps, 0)],
      ['spikes per observation', '–', decimal(simulation.spikesPerObservation, 1)],
    ],
  };
}
