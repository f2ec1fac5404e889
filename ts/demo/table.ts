import { comparison } from './comparison.js';
import type { Comparison } from './comparison.js';
import { decimal, percent } from './format.js';
import type { DemoResult } from './result.js';

type Line = readonly [name: string, second: string, third: string];

/** The comparison and the agreement for a terminal: aligned columns, plain text, at most 100 columns wide. */
export function demoTable(result: DemoResult): string {
  const tables = [comparison(result), agreementTable(result)].map(({ columns, rows }) => [
    columns,
    ...rows,
  ]);
  const lines = tables.flat();
  const width = (column: 0 | 1 | 2): number =>
    Math.max(...lines.map((line) => line[column].length));
  const [first, second, third] = [width(0), width(1), width(2)];
  const show = ([name, left, right]: Line): string =>
    `${name.padEnd(first)}   ${left.padStart(second)}   ${right.padStart(third)}`.trimEnd();
  return tables.map((table) => table.map(show).join('\n')).join('\n\n');
}

/** One row for each simulation time that was measured; a dash stands where a semantics was not. */
function agreementTable({ agreement: { curves, observations } }: DemoResult): Comparison {
  const times = curves.flatMap(({ points }) => points.map(({ steps }) => steps));
  const share = (semantics: 'direct' | 'dsqn', time: number): string => {
    const { points = [] } = curves.find((curve) => curve.semantics === semantics) ?? {};
    const point = points.find(({ steps }) => steps === time);
    return point === undefined ? '–' : percent(point.share);
  };
  return {
    columns: [`same action, ${decimal(observations, 0)} observations`, 'direct', 'dsqn'],
    rows: [...new Set(times)]
      .sort((a, b) => a - b)
      .map((time) => [
        `simulation time T = ${decimal(time, 0)}`,
        share('direct', time),
        share('dsqn', time),
      ]),
  };
}
