import { table } from '../../ts/cli/table.js';
import { verdict } from '../results.js';
import type { Agreement } from './agreement.js';
import type { LoopOutcome } from './loops.js';
import type { Played } from './play.js';
import type { Latency, Steadiness } from './steadiness.js';

/** Milliseconds of a step through the bridge, and observations a second of many. */
const targets = { milliseconds: 1, rate: 2000 } as const;

export function loopTable(loops: readonly LoopOutcome[]): string {
  const whole = (value: number): string => Math.round(value).toLocaleString('en-US');
  return table(
    ['observations', 'by', 'a second', 'min..max', 'ms each', 'target'],
    loops.map(({ kind, who, rate: { median, low, high } }) => {
      const reached =
        kind === 'one' ? 1000 / median <= targets.milliseconds : median >= targets.rate;
      const wanted =
        kind === 'one' ? `${targets.milliseconds} ms` : `${whole(targets.rate)} a second`;
      return [
        kind === 'one' ? 'one a call' : 'many a call',
        who,
        whole(median),
        `${whole(low)}..${whole(high)}`,
        (1000 / median).toFixed(3),
        who.startsWith('spiq') ? `${wanted}: ${verdict(reached)}` : '',
      ];
    }),
  );
}

export function steadinessText({
  steps,
  workerMegabytes,
  nodeMegabytes,
  ...parts
}: Steadiness): string {
  const row = (name: string, { p50, p95, p99 }: Latency): string[] => [
    name,
    ...[p50, p95, p99].map((value) => value.toFixed(3)),
  ];
  const share = `of ${steps / 20}`;
  const latencies = table(
    ['ms a step of CartPole', 'p50', 'p95', 'p99'],
    [row('all', parts.all), row(`first ${share}`, parts.first), row(`last ${share}`, parts.last)],
  );
  const memory = ([before, after]: readonly [number, number]): string =>
    `${before.toFixed(1)} to ${after.toFixed(1)} MB`;
  return `${latencies}\nresident: worker ${memory(workerMegabytes)}, Node.js ${memory(nodeMegabytes)}`;
}

export function agreementTable(agreements: readonly Agreement[]): string {
  return table(
    [
      'network',
      'reset',
      'rows',
      'engine',
      'spikes a row',
      'neurons that differ',
      'in rows',
      'potentials',
      'actions',
    ],
    agreements.flatMap(({ network, reset, rows, backends }) =>
      backends.map(({ backend, spikesPerObservation, differences: found }) => [
        ...[network, reset, `${rows}`, backend, spikesPerObservation.toFixed(1)],
        ...(found === undefined
          ? ['', '', '', '']
          : [
              `${found.neurons}`,
              `${found.differingRows}`,
              found.largestPotentialDifference.toExponential(1),
              `${(100 * found.actionAgreement).toFixed(2)} %`,
            ]),
      ]),
    ),
  );
}

export function thesisTable(played: readonly Played[]): string {
  const mean = (value: number, std?: number): string =>
    std === undefined ? value.toFixed(2) : `${value.toFixed(2)} (${std.toFixed(2)})`;
  return table(
    ['table', 'agent', 'neurons', 'T', 'published', '', 'here', ''],
    played.map(({ row, tauM, ...found }) => [
      ...[row.table, row.agent],
      row.model ?? `chip, predicted, tauM ${tauM}`,
      `${row.steps}`,
      mean(row.published.mean, row.published.std),
      `${row.published.similarity.toFixed(2)} %`,
      mean(found.mean, found.std),
      `${found.similarity.toFixed(2)} %`,
    ]),
  );
}
