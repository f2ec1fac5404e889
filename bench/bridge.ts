import process from 'node:process';
import { runChild } from './child.js';
import type { Agreement } from './bridge/agreement.js';
import type { LoopOutcome } from './bridge/loops.js';
import type { Played } from './bridge/play.js';
import { agreementTable, loopTable, steadinessText, thesisTable } from './bridge/report.js';
import type { Steadiness } from './bridge/steadiness.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { toJson, today, writeResult } from './results.js';

const help = `Usage: npm run bench:bridge -- [--only NAME] [--quick] [--json]

The published network of CartPole in NEST: agreement (spike counts of spiq, NEST and PyNN's NEST, over the whole replay and
two larger networks), loops (calls through the bridge and in Python alone), steadiness (20,000 steps of CartPole, each
decided by NEST). NAME is one of them, or thesis: the published agents' results in NEST and on a board, played again, which
takes an hour. SPIQ_FIXTURES names the folder of the published networks.`;

export function main(argv: readonly string[]): number {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  const failures: string[] = [];
  const measure = (what: string): unknown => {
    if (options.only !== what && (options.only !== '' || what === 'thesis')) return undefined;
    try {
      return runChild('bridge/measure.js', [what, ...options.quickFlag]);
    } catch (error) {
      failures.push(`FAILED ${what}: ${(error as Error).message}`);
      return undefined;
    }
  };
  // A quiet machine for what is timed: the longest part comes last.
  const loops = measure('loops') as LoopOutcome[] | undefined;
  const steadiness = measure('steadiness') as Steadiness | undefined;
  const agreements = measure('agreement') as Agreement[] | undefined;
  const thesis = measure('thesis') as Played[] | undefined;
  const about = { date: today(), machine: describeMachine() };
  const result = { ...about, loops, steadiness, agreements, thesis };
  if (failures.length === 0 && !options.quick) {
    if (options.complete) writeResult(`bridge-${about.date}.json`, toJson(result));
    if (thesis) writeResult(`bridge-thesis-${about.date}.json`, toJson(result));
  }
  const text = [
    loops && loopTable(loops),
    steadiness && steadinessText(steadiness),
    agreements && agreementTable(agreements),
    thesis && thesisTable(thesis),
  ].filter((part) => part !== undefined);
  process.stdout.write(
    `${[...(options.json ? [toJson(result)] : text), ...failures].join('\n\n')}\n`,
  );
  return failures.length === 0 ? 0 : 1;
}
