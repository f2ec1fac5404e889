import { existsSync } from 'node:fs';
import type { DqnParameters } from '../../ts/agent/dqn-parameters.js';
import { readDqnParameters } from '../../ts/agent/dqn-parameters.js';
import { experimentNamed } from '../../ts/experiments/index.js';
import { networkFile } from '../../ts/experiments/run-files.js';

/** What to type to train the network again: all that differs from the experiment is named. */
export function trainingCommand(
  folder: string,
  { name, seed }: { readonly name: string; readonly seed: number },
  parameters: DqnParameters,
): string {
  const usual = readDqnParameters(experimentNamed(name).parameters);
  // The seed has an option of its own, and no result depends on threads.
  const said = new Set(['seed', 'threads']);
  const others = Object.entries(parameters).filter(([key, value]) => {
    const before = usual[key as keyof DqnParameters];
    return !said.has(key) && JSON.stringify(value) !== JSON.stringify(before);
  });
  const began = existsSync(networkFile(folder, 'first')) ? ['--network FILE'] : [];
  const settings = others.map(([key, value]) => `--set ${key}=${String(value)}`);
  return [`npx spiq train ${name}`, `--seed ${seed}`, ...began, ...settings].join(' ');
}
