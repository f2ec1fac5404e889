import process from 'node:process';
import { table } from '../ts/cli/table.js';
import { runChild } from './child.js';
import { forwardCases } from './forward/cases.js';
import type { ForwardOutcome } from './forward/cases.js';
import { describeMachine } from './machine.js';
import { toJson, today, verdict, writeResult } from './results.js';
import { readOptions } from './options.js';

const help = `Usage: npm run bench:forward -- [--only NAME] [--quick] [--json]

Times the float forward pass against onnxruntime-node on the same weights, outputs compared first.`;

export function main(argv: readonly string[]): number {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  const chosen = forwardCases.filter(({ name }) => name.includes(options.only));
  const failures: string[] = [];
  const outcomes = chosen.flatMap(({ name }) => {
    try {
      return [runChild('forward/case.js', [name, ...options.quickFlag]) as ForwardOutcome];
    } catch (error) {
      failures.push(`FAILED ${name}: ${(error as Error).message}`);
      return [];
    }
  });
  const result = { date: today(), machine: describeMachine(), trials: outcomes };
  if (options.complete && failures.length === 0) {
    writeResult(`forward-${result.date}.json`, toJson(result));
  }
  const rows = outcomes.map(({ name, spiq, onnxruntime, ratio }) => [
    name,
    spiq.toPrecision(4),
    onnxruntime.toPrecision(4),
    `${ratio.toPrecision(3)}×`,
    verdict(ratio >= 1),
  ]);
  const text = table(['µs a call, medians', 'spiq', 'onnxruntime', 'ratio', 'target 1×'], rows);
  process.stdout.write(`${[options.json ? toJson(result) : text, ...failures].join('\n')}\n`);
  return failures.length === 0 ? 0 : 1;
}
