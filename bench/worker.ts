import process from 'node:process';
import { table } from '../ts/cli/table.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { toJson, today, writeResult } from './results.js';
import type { Quantiles } from './worker/quantiles.js';
import { measureTrips } from './worker/trips.js';

const help = `Usage: npm run bench:worker -- [--only NAME] [--quick] [--json]

Times calls on the worker's line and through ZeroMQ, and frames that they bring through a file and on the socket.`;

export async function main(argv: readonly string[]): Promise<number> {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  const python = process.env.SPIQ_PYTHON;
  if (!python) throw new Error('SPIQ_PYTHON is not set: run npm run bench:worker');
  const trips = await measureTrips(python, options.quick ? 100 : 20_000);
  const result = { date: today(), machine: describeMachine(), unit: 'µs', trips };
  if (options.complete) writeResult(`worker-${result.date}.json`, toJson(result));
  const cells = ({ median, tenth }: Quantiles): string[] => [median.toFixed(0), tenth.toFixed(0)];
  const lines = table(
    ['µs a call', 'median', 'tenth'],
    trips.map(({ what, time }) => [what, ...cells(time)]),
  );
  process.stdout.write(options.json ? toJson(result) : `${lines}\n`);
  return 0;
}
