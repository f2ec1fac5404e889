import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { environmentNames, makeEnvironment } from '../env/registry.js';
import type { EnvironmentClass, EnvironmentFactory } from '../env/registry.js';
import { historyOrders, historyPaddings, withHistory } from '../env/wrappers/index.js';
import type { HistoryOrder, HistoryPadding, NoopOptions } from '../env/wrappers/index.js';
import { mismatch, phrase } from '../errors.js';
import { wholeNumber, wholeNumbers } from './options.js';

export interface EnvironmentFlags {
  readonly env: string;
  readonly maxSteps?: number;
  readonly history?: number;
  readonly historyOrder?: HistoryOrder;
  readonly historyPadding?: HistoryPadding;
}

const modules = ['.js', '.mjs', '.cjs'];

/** Which environment is played, and what is seen of it. */
export function addEnvironmentOptions(command: Command): Command {
  return command
    .option(
      '--env <name>',
      `${environmentNames.join(', ')}, or a .js file of your own`,
      environmentName,
      'cart-pole',
    )
    .option(
      '--max-steps <n>',
      "longest episode (default: the environment's own limit)",
      wholeNumber,
    )
    .option('--history <n>', 'last observations that are seen together', wholeNumber)
    .addOption(
      new Option('--history-order <name>', 'which comes first (default: oldest-first)').choices(
        historyOrders,
      ),
    )
    .addOption(
      new Option(
        '--history-padding <name>',
        "before an episode's first stands it again, or zeros (default: repeat)",
      ).choices(historyPaddings),
    );
}

function environmentName(text: string): string {
  const known = environmentNames.some((name) => name === text);
  if (known || modules.includes(path.extname(text))) return text;
  const permitted = `${environmentNames.join(', ')} or a file ending in ${modules.join(', ')}`;
  throw new InvalidArgumentError(`expected ${permitted}.`);
}

export async function openEnvironment(flags: EnvironmentFlags): Promise<EnvironmentFactory> {
  const { env, maxSteps, history, historyOrder, historyPadding } = flags;
  const name = environmentNames.find((known) => known === env);
  const make = makeEnvironment(name ?? (await ownEnvironment(env)), maxSteps);
  if (history === undefined) return make;
  const options = {
    ...(historyOrder && { order: historyOrder }),
    ...(historyPadding && { padding: historyPadding }),
  };
  return () => withHistory(make(), history, options);
}

/** The default export of a user's module. */
async function ownEnvironment(file: string): Promise<EnvironmentClass | EnvironmentFactory> {
  if (!existsSync(file)) {
    throw mismatch('E_FILE', `environment ${file}`, 'a file that exists', phrase('none'));
  }
  const { href } = pathToFileURL(path.resolve(file));
  const module = await (import(href) as Promise<{ readonly default?: unknown }>).catch(
    (cause: unknown) => {
      const came = phrase(cause instanceof Error ? cause.message : 'an error');
      throw mismatch('E_FILE', `environment ${file}`, 'a module that can be loaded', came);
    },
  );
  if (typeof module.default === 'function') return module.default as EnvironmentFactory;
  const expected = 'a class or a function as its default export';
  throw mismatch('E_ARGUMENT', `environment ${file}`, expected, module.default);
}

/** `30`, or `4,30`: the fewest first. */
export function noopRange(text: string): NoopOptions {
  const [first, second, ...more] = wholeNumbers(text);
  if (first === undefined || more.length > 0) {
    throw new InvalidArgumentError('expected a whole number, or two, fewest,most.');
  }
  return second === undefined ? { most: first } : { least: first, most: second };
}
