import { rmSync } from 'node:fs';
import path from 'node:path';
import { gameOptions } from '../agent/game-parameters.js';
import type { GameParameters } from '../agent/game-parameters.js';
import type { DqnParts } from '../agent/dqn-parts.js';
import type { Seat } from '../agent/lanes.js';
import type { Environment } from '../env/env.js';
import { isRemote, openRemote } from '../env/games/index.js';
import { wrapGroup } from '../env/group.js';
import type { EnvironmentGroup } from '../env/group.js';
import { makeEnvironment } from '../env/registry.js';
import type { EnvironmentName } from '../env/registry.js';
import { withFrames, withTimeLimit } from '../env/wrappers/index.js';
import type { Checkpoint } from '../run/index.js';
import { scoreSteps } from './score.js';

/** Where a run plays: environments of this process, or those of workers that end with the arena. */
export interface Arena {
  /** What the agent needs of it. */
  readonly parts: DqnParts;
  /** One copy as the network sees it, for play before there is a network. */
  readonly random: Seat;
  /** For scores, as the network sees it. */
  readonly scoring: (() => Environment) | EnvironmentGroup;
  close(): Promise<void>;
}

export interface ArenaParameters extends Partial<GameParameters> {
  readonly environment: string;
  readonly maxSteps: number;
  readonly validateSteps: number;
  readonly validateEpisodes: number;
  readonly frames?: number;
  readonly copies?: number;
  readonly memoryInFile?: boolean;
}

/** Episodes that are validated or scored side by side in a worker: more make no single step cheaper. */
const testedAtOnce = 10;

export interface ArenaOptions {
  /** The run's folder, for a replay memory in a file. */
  readonly folder?: string;
  readonly signal?: AbortSignal | undefined;
  /** Whether a missing Python environment may be installed. */
  readonly install?: boolean;
}

export async function openArena(
  parameters: ArenaParameters,
  options: ArenaOptions = {},
): Promise<Arena> {
  const { folder } = options;
  const inFile = parameters.memoryInFile === true && folder !== undefined;
  const memory = inFile ? { replayFile: path.join(folder, 'replay.frames') } : {};
  return isRemote(parameters.environment)
    ? remoteArena(parameters, memory, options)
    : localArena(parameters, memory);
}

function localArena(parameters: ArenaParameters, parts: DqnParts): Arena {
  const { environment: name, maxSteps, frames = 1 } = parameters;
  const seen = (steps: number): Environment =>
    withFrames(makeEnvironment(name as EnvironmentName, steps)(), frames);
  return {
    parts,
    random: { environment: seen(maxSteps), copy: 0 },
    scoring: () => seen(scoreSteps),
    close: () => Promise.resolve(),
  };
}

async function remoteArena(
  parameters: ArenaParameters,
  memory: DqnParts,
  { signal, install }: ArenaOptions,
): Promise<Arena> {
  const { environment: name, validateSteps, validateEpisodes, copies = 1, frames = 1 } = parameters;
  const played = 'view' in parameters ? gameOptions(parameters as GameParameters) : {};
  const common = {
    ...played,
    ...(signal && { signal }),
    ...(install !== undefined && { install }),
  };
  const tested = await openRemote(name, {
    ...common,
    copies: Math.min(validateEpisodes, testedAtOnce),
  });
  const open: EnvironmentGroup[] = [tested];
  const close = async (): Promise<void> => {
    await Promise.all(open.map((group) => group.close()));
  };
  try {
    const group = await openRemote(name, { ...common, copies });
    open.push(group);
    const scoring = wrapGroup(tested, (one) =>
      withFrames(withTimeLimit(one, validateSteps), frames),
    );
    return {
      parts: { ...memory, group, validationGroup: () => Promise.resolve(tested) },
      random: { environment: scoring.environments[0]!, copy: 0, group: scoring },
      scoring,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A run that begins anew begins with an empty memory. */
export function partsFor(parts: DqnParts, checkpoint: Checkpoint | undefined): DqnParts {
  const { replayFile } = parts;
  if (checkpoint === undefined && replayFile !== undefined) rmSync(replayFile, { force: true });
  return parts;
}

/** Of a resumed run whose memory is not as the checkpoint has it. */
export const memoryNotices = {
  'went on':
    'the replay memory went on after the checkpoint: training goes on with it, though not bit for bit',
  refilled:
    'the replay memory of the checkpoint is gone: it is refilled before learning goes on, though not bit for bit',
} as const;
