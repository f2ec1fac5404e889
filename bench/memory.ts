import process from 'node:process';
import { runChild } from './child.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { toJson, today, verdict, writeResult } from './results.js';

const help = `Usage: npm run bench:memory -- [--json]

Peak resident memory of one run of the Nature network at batch 16, T = 500, above a process that has loaded spiq only.`;

const megabyte = 1e6;
const target = 200;

export function main(argv: readonly string[]): number {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  let [idle, running] = [0, 0];
  try {
    idle = peak('idle');
    running = peak('nature');
  } catch (error) {
    process.stdout.write(`FAILED memory: ${(error as Error).message}\n`);
    return 1;
  }
  const result = {
    date: today(),
    machine: describeMachine(),
    unit: 'MB',
    idle,
    running,
    above: running - idle,
    target,
  };
  if (options.complete) writeResult(`memory-${result.date}.json`, toJson(result));
  const text =
    `idle ${idle.toFixed(0)} MB, running ${running.toFixed(0)} MB: ${result.above.toFixed(0)} MB above, ` +
    `target below ${target} MB: ${verdict(result.above < target)}`;
  process.stdout.write(`${options.json ? toJson(result) : text}\n`);
  return 0;
}

const peak = (what: string): number => (runChild('memory/probe.js', [what]) as number) / megabyte;
