import process from 'node:process';
import { table } from '../ts/cli/table.js';
import { runChild } from './child.js';
import { netNames, stepsTried } from './conversion/cases.js';
import type { ImportOutcome } from './conversion/import.js';
import type { RobustOutcome } from './conversion/robust.js';
import type { SimilarityOutcome } from './conversion/similarity.js';
import { describeMachine } from './machine.js';
import { readOptions } from './options.js';
import { toJson, today, verdict, writeResult } from './results.js';

const help = `Usage: npm run bench:conversion -- [--only NAME] [--quick] [--json]

Similarity of converted networks with their float networks, by method and T, each calibrated on nine rows in ten and
scored on the tenth; time of robust normalisation against the row by row loop; time of a large import. NAME is a network,
'robust' or 'import'. SPIQ_FIXTURES names the folder of the published networks.`;

export function main(argv: readonly string[]): number {
  const options = readOptions(argv, help);
  if (options === undefined) return 0;
  const fixtures = process.env.SPIQ_FIXTURES;
  if (fixtures === undefined) throw new Error('SPIQ_FIXTURES names no folder of fixtures');
  const failures: string[] = [];
  const measure = (name: string, program: string, args: readonly string[]): unknown => {
    if (!name.includes(options.only)) return undefined;
    try {
      return runChild(program, [...args, ...options.quickFlag]);
    } catch (error) {
      failures.push(`FAILED ${name}: ${(error as Error).message}`);
      return undefined;
    }
  };
  const similarities = netNames.flatMap(
    (net) =>
      (measure(net, 'conversion/similarity.js', [net, fixtures]) ?? []) as SimilarityOutcome[],
  );
  const robust = measure('robust', 'conversion/robust.js', [fixtures]) as RobustOutcome | undefined;
  const large = measure('import', 'conversion/import.js', []) as ImportOutcome | undefined;
  const result = { date: today(), machine: describeMachine(), similarities, robust, import: large };
  if (options.complete && failures.length === 0) {
    writeResult(`conversion-${result.date}.json`, toJson(result));
  }
  const text = [
    similarities.length === 0 ? '' : similarityTable(similarities),
    robust === undefined ? '' : robustLine(robust),
    large === undefined ? '' : importLine(large),
  ].filter((part) => part !== '');
  process.stdout.write(
    `${[...(options.json ? [toJson(result)] : text), ...failures].join('\n')}\n`,
  );
  return failures.length === 0 ? 0 : 1;
}

function similarityTable(outcomes: readonly SimilarityOutcome[]): string {
  const rows = outcomes.map(({ net, method, similarity, seconds }) => [
    net,
    method,
    ...stepsTried.map((steps) =>
      similarity[steps] === undefined ? '' : (100 * similarity[steps]).toFixed(2),
    ),
    Math.max(...Object.values(seconds)).toFixed(1),
  ]);
  const heads = stepsTried.map((steps) => `T = ${steps}`);
  return table(['% of the same actions', 'method', ...heads, 'longest, s'], rows);
}

function robustLine({ rows, spiqSeconds, peerSeconds, ratio }: RobustOutcome): string {
  const ours = (spiqSeconds * 1000).toPrecision(3);
  const times = `${ours} ms, row by row in torch ${peerSeconds.toPrecision(3)} s`;
  return `robust, ${rows} rows: ${times}: ${ratio.toPrecision(3)}× (target 100×: ${verdict(ratio >= 100)})`;
}

function importLine({ megabytes, milliseconds }: ImportOutcome): string {
  const time = `${milliseconds.toFixed(0)} ms`;
  return `import of ${megabytes.toFixed(1)} MB: ${time} (target 300 ms: ${verdict(milliseconds < 300)})`;
}
