import process from 'node:process';
import { table } from '../ts/cli/table.js';
import { curveChart } from './curves/chart.js';
import { curves } from './curves/cases.js';
import { measureCurve } from './curves/measure.js';
import type { CurveResult } from './curves/measure.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { fullRace, quickRace } from './race.js';
import { toJson, today, writeResult } from './results.js';

const help = `Usage: npm run bench:curves -- [--only WORD] [--quick] [--json]

The cost of a call against steps, batch, active inputs and silent neurons.`;

export async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  const results: CurveResult[] = [];
  const failures: string[] = [];
  for (const curve of curves.filter((c) => `${c.against} ${c.name}`.includes(options.only))) {
    process.stderr.write(`bench · ${curve.against}: ${curve.name} …\n`);
    try {
      results.push(await measureCurve(curve, options.quick ? quickRace : fullRace));
    } catch (error) {
      failures.push(`FAILED ${curve.against}: ${curve.name}: ${(error as Error).message}`);
    }
  }
  const result = { date: today(), machine: describeMachine(), curves: results };
  if (options.complete && failures.length === 0) {
    writeResult(`curves-${result.date}.json`, toJson(result));
    writeResult('curves.svg', curveChart(results, `${result.machine.cpu}, ${result.date}`));
  }
  const text = options.json ? toJson(result) : results.map(curveTable).join('\n\n');
  process.stdout.write(`${[text, ...failures].join('\n')}\n`);
  return failures.length === 0 ? 0 : 1;
}

function curveTable({ against, name, expected, points, deviation, growth }: CurveResult): string {
  const rows = points.map(([x, seconds]) => [String(x), (seconds * 1e6).toPrecision(4)]);
  const verdict =
    expected === 'line'
      ? `off a straight line by at most ${(deviation * 100).toPrecision(2)} % of the largest`
      : `last over first: ${growth.toPrecision(3)}×`;
  return `${name}: ${verdict}\n${table([against, 'µs a call'], rows)}`;
}
