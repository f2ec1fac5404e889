import { comparison } from './comparison.js';
import type { DemoResult } from './result.js';

/** The comparison for a terminal: aligned columns, plain text, at most 100 columns wide. */
export function demoTable(result: DemoResult): string {
  const { columns, rows } = comparison(result);
  const lines = [columns, ...rows];
  const width = (column: 0 | 1 | 2): number =>
    Math.max(...lines.map((line) => line[column].length));
  const [first, second, third] = [width(0), width(1), width(2)];
  return lines
    .map(([name, float, spiking]) =>
      `${name.padEnd(first)}   ${float.padStart(second)}   ${spiking.padStart(third)}`.trimEnd(),
    )
    .join('\n');
}
