import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { Environment } from '../env/env.js';
import { gameViews, isRemote, openRemote } from '../env/games/index.js';
import type { GameView } from '../env/games/index.js';
import { wrapGroup } from '../env/group.js';
import type { EnvironmentGroup } from '../env/group.js';
import { environmentNames, makeEnvironment } from '../env/registry.js';
import type { EnvironmentClass, EnvironmentFactory } from '../env/registry.js';
import {
  historyOrders,
  historyPaddings,
  withHistory,
  withNoopStarts,
  withTimeLimit,
} from '../env/wrappers/index.js';
import type { HistoryOrder, HistoryPadding, NoopOptions } from '../env/wrappers/index.js';
import type { Model } from '../experiments/models.js';
import { mismatch, phrase } from '../errors.js';
import { realNumber, wholeNumber, wholeNumbers } from './options.js';

export interface EnvironmentFlags extends ViewFlags {
  readonly env?: string;
  readonly maxSteps?: number;
}

/** What is seen of an environment, and how a game is played. */
export interface ViewFlags {
  readonly history?: number;
  readonly historyOrder?: HistoryOrder;
  readonly historyPadding?: HistoryPadding;
  readonly noops?: NoopOptions;
  readonly view?: GameView;
  readonly frameSkip?: number;
  readonly sticky?: number;
  readonly fullActions?: boolean;
}

const modules = ['.js', '.mjs', '.cjs'];

const defaultEnvironment = 'cart-pole';

/** Which environment is played, and what is seen of it. */
export function addEnvironmentOptions(command: Command): Command {
  const named = command
    .option(
      '--env <name>',
      `${environmentNames.join(', ')}, an Atari game, gym:ID, or a .js file of your own ` +
        `(default: the model's, or ${defaultEnvironment})`,
      environmentName,
    )
    .option(
      '--max-steps <n>',
      "longest episode (default: the environment's own limit)",
      wholeNumber,
    );
  return addViewOptions(named);
}

export function addViewOptions(command: Command): Command {
  return command
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
    )
    .addOption(
      new Option(
        '--view <name>',
        "games: what is seen of the emulator's pictures (default: nature)",
      ).choices(gameViews),
    )
    .option('--frame-skip <n>', 'games: emulator frames of a step (default: 4)', wholeNumber)
    .option('--sticky <share>', 'games: chance of a repeated action (default: 0)', realNumber)
    .option('--full-actions', 'games: all 18 actions');
}

function environmentName(text: string): string {
  const known = environmentNames.some((name) => name === text) || isRemote(text);
  if (known || modules.includes(path.extname(text))) return text;
  const permitted = `${environmentNames.join(', ')}, an Atari game, gym:ID or a file ending in ${modules.join(', ')}`;
  throw new InvalidArgumentError(`expected ${permitted}.`);
}

/** How a model sees what it plays. */
export function viewOf({ environment }: Model): ViewFlags {
  const { history, stickyActions: sticky, view, frameSkip, noops, fullActions } = environment;
  return { view, frameSkip, noops, fullActions, sticky, ...(history > 1 && { history }) };
}

/** What a model's recipe says, where the command line does not. */
export function withModel<Flags extends EnvironmentFlags>(flags: Flags, model: Model): Flags {
  const { name, maxSteps } = model.environment;
  const known = {
    env: name,
    maxSteps,
    ...viewOf(model),
    explore: model.epsilon,
    ...model.simulation,
  };
  // Another environment is seen as the command line says alone.
  return flags.env === undefined || flags.env === name ? { ...known, ...flags } : flags;
}

/** Where a command plays. */
export interface Stage {
  readonly name: string;
  readonly environment: EnvironmentFactory | EnvironmentGroup;
  /** One of them, for its spaces. */
  readonly one: Environment;
  close(): Promise<void>;
}

export interface StageOptions {
  /** Copies of an environment that lives in a worker. */
  readonly copies: number;
  /** Whether they are drawn. */
  readonly pictures: boolean;
  readonly signal: AbortSignal;
}

export async function openStage(flags: EnvironmentFlags, options: StageOptions): Promise<Stage> {
  const { env = defaultEnvironment, maxSteps, noops } = flags;
  const seen = historyOf(flags);
  if (!isRemote(env)) {
    refuseGameFlags(flags);
    const name = environmentNames.find((known) => known === env);
    const make = makeEnvironment(name ?? (await ownEnvironment(env)), maxSteps);
    const environment = (): Environment =>
      noops === undefined ? seen(make()) : withNoopStarts(seen(make()), noops);
    return { name: env, environment, one: seen(make()), close: () => Promise.resolve() };
  }
  const { view, frameSkip, sticky: stickyActions, fullActions } = flags;
  const group = await openRemote(env, {
    ...options,
    install: true,
    ...(view && { view }),
    ...(frameSkip !== undefined && { frameSkip }),
    ...(stickyActions !== undefined && { stickyActions }),
    ...(fullActions !== undefined && { fullActions }),
    ...(noops && { noops: { least: 0, ...noops } }),
  });
  const environment = wrapGroup(group, (one) =>
    seen(maxSteps === undefined ? one : withTimeLimit(one, maxSteps)),
  );
  const close = (): Promise<void> => group.close();
  return { name: env, environment, one: environment.environments[0]!, close };
}

function historyOf(flags: EnvironmentFlags): (environment: Environment) => Environment {
  const { history, historyOrder, historyPadding } = flags;
  if (history === undefined) return (environment) => environment;
  const options = {
    ...(historyOrder && { order: historyOrder }),
    ...(historyPadding && { padding: historyPadding }),
  };
  return (environment) => withHistory(environment, history, options);
}

function refuseGameFlags({
  env = defaultEnvironment,
  view,
  frameSkip,
  sticky,
  fullActions,
}: EnvironmentFlags): void {
  const given = Object.entries({
    '--view': view,
    '--frame-skip': frameSkip,
    '--sticky': sticky,
    '--full-actions': fullActions,
  }).find(([, value]) => value !== undefined);
  if (given === undefined) return;
  throw mismatch('E_USAGE', given[0], 'an Atari game as --env', env);
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
