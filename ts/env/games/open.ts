import { checkNames } from '../../check.js';
import { mismatch } from '../../errors.js';
import { openGymnasium } from '../gymnasium/index.js';
import type { EnvironmentGroup } from '../group.js';
import { streams, uniformsOf } from '../philox.js';
import { environmentNames } from '../registry.js';
import { plain, preprocessed } from './eyes.js';
import { WorkerGroup } from './worker-group.js';

/** What is seen of a game's pictures: a published preprocessing, or the emulator's grey picture as it is. */
export const gameViews = ['plain', 'patel', 'mnih', 'nature', 'neon'] as const;
export type GameView = (typeof gameViews)[number];

export interface RemoteOptions {
  /** Copies that are stepped together (default 1). */
  readonly copies?: number;
  /** Whether `render` is there; pictures cost time (default false). */
  readonly pictures?: boolean;
  /** The Python that has Gymnasium. */
  readonly python?: string;
  /** Whether what is missing may be installed first (default false). */
  readonly install?: boolean;
  readonly signal?: AbortSignal;
}

export interface GameOptions extends RemoteOptions {
  /** Default `nature`. */
  readonly view?: GameView;
  /** Emulator frames that a step takes (default 4). */
  readonly frameSkip?: number;
  /** Chance that an emulator frame repeats the action before (default 0). */
  readonly stickyActions?: number;
  /** Emulator frames without action that an episode begins with, drawn from its seed (default 0 to 30). */
  readonly noops?: { readonly least: number; readonly most: number };
  /** All 18 actions in place of those that the game knows (default false). */
  readonly fullActions?: boolean;
}

const remoteNames = ['copies', 'pictures', 'python', 'install', 'signal'];
const gameNames = ['view', 'frameSkip', 'stickyActions', 'noops', 'fullActions', ...remoteNames];

/**
 * Copies of a game of the Arcade Learning Environment, by its name there (`breakout`, `space_invaders`), in a worker.
 *
 * ```ts
 * const games = await openGames('breakout', { copies: 8, view: 'nature' });
 * const { mean } = await evaluate({ environment: games, act, episodes: 30, seed: 1, epsilon: 0.05 });
 * await games.close();
 * ```
 */
export async function openGames(game: string, options: GameOptions = {}): Promise<WorkerGroup> {
  checkNames(options, gameNames, 'game option');
  const { view = 'nature', frameSkip = 4, stickyActions = 0, fullActions = false } = options;
  const { noops = { least: 0, most: 30 }, copies = 1, pictures = false } = options;
  if (!gameViews.includes(view)) {
    throw mismatch('E_ARGUMENT', 'view', `one of ${gameViews.join(', ')}`, view);
  }
  const draw = noopsOf(noops);
  const pixels = view === 'patel' || view === 'mnih' || view === 'neon' ? 'rgb' : 'gray';
  const env = {
    kind: 'ale',
    game,
    frameSkip,
    sticky: stickyActions,
    fullActions,
    pixels,
    picture: pictures,
  } as const;
  const worker = await openGymnasium({ ...env, ...rest(options) }, copies);
  return new WorkerGroup(
    worker,
    view === 'plain' ? plain(worker) : preprocessed(worker, view),
    draw,
  );
}

export interface GymnasiumGroupOptions extends RemoteOptions {
  /** Arguments of the environment's own, as `gymnasium.make` takes them. */
  readonly options?: Readonly<Record<string, unknown>>;
}

/** Copies of any Gymnasium environment with discrete actions and observations of numbers, by its id. */
export async function openGymnasiumGroup(
  id: string,
  given: GymnasiumGroupOptions = {},
): Promise<WorkerGroup> {
  checkNames(given, ['options', ...remoteNames], 'gymnasium option');
  const { options = {}, copies = 1, pictures = false } = given;
  const env = { kind: 'gymnasium', id, options, picture: pictures } as const;
  const worker = await openGymnasium({ ...env, ...rest(given) }, copies);
  return new WorkerGroup(worker, plain(worker), () => 0);
}

const prefix = 'gym:';

/** Whether an environment of this name lives in a worker: `gym:ID`, or a game. */
export function isRemote(name: string): boolean {
  if (name.startsWith(prefix)) return true;
  return /^[a-z][a-z0-9_]*$/.test(name) && !environmentNames.some((known) => known === name);
}

/** Copies of a `gym:ID`, or of a game; options that belong to games alone are left out for the former. */
export async function openRemote(
  name: string,
  options: GameOptions = {},
): Promise<EnvironmentGroup> {
  if (!name.startsWith(prefix)) return openGames(name, options);
  const { copies = 1, pictures = false } = options;
  return openGymnasiumGroup(name.slice(prefix.length), { copies, pictures, ...rest(options) });
}

function rest({
  python,
  install,
  signal,
}: RemoteOptions): Omit<RemoteOptions, 'copies' | 'pictures'> {
  return {
    ...(python !== undefined && { python }),
    ...(install !== undefined && { install }),
    ...(signal && { signal }),
  };
}

function noopsOf({ least, most }: { readonly least: number; readonly most: number }) {
  const sound = [least, most].every((n) => Number.isSafeInteger(n) && n >= 0) && least <= most;
  if (!sound) {
    throw mismatch('E_RANGE', 'noops', 'whole numbers, the least not above the most', {
      least,
      most,
    });
  }
  return (seed: number): number =>
    least + Math.floor(uniformsOf(seed, streams.noops)(0, 0, 0) * (most - least + 1));
}
