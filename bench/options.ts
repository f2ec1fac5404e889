import process from 'node:process';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly only: string;
  readonly quick: boolean;
  readonly json: boolean;
  /** To hand on to a child. */
  readonly quickFlag: readonly string[];
  /** Nothing left out: worth a file of results. */
  readonly complete: boolean;
}

/** What the smaller programs take; undefined where only the help was wanted. */
export function readOptions(argv: readonly string[], help: string): BenchOptions | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', default: '' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${help}\n`);
    return undefined;
  }
  const { only, quick, json } = values;
  return {
    only,
    quick,
    json,
    quickFlag: quick ? ['--quick'] : [],
    complete: !quick && only === '',
  };
}
