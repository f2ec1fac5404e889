import type { Environment } from '../env/env.js';
import { environmentNames, makeEnvironment } from '../env/registry.js';
import { withHistory, withObservation } from '../env/wrappers/index.js';
import type { ObservationFunction } from '../env/wrappers/index.js';
import { mismatch } from '../errors.js';
import type { Network } from '../network.js';
import type { ReplayOptions } from '../replay.js';
import type { QTrainerOptions } from '../trainer/q-trainer.js';
import { networkFrom, partOf } from './checkpoint.js';
import type { AgentCheckpoint } from './checkpoint.js';
import type { DqnParameters } from './dqn-parameters.js';
import type { NetworkParameters } from './network-parameters.js';
import { initialNetwork } from './networks.js';
import type { InitialNetwork } from './networks.js';
import { rewards } from './rewards.js';
import type { Reward } from './rewards.js';
import { trainerOptions } from './trainer-options.js';

/** What parameters cannot say: code of the user's own. A resumed agent has to be given the same. */
export interface PlayParts {
  /** Makes the environment, in place of one by name; `maxSteps` is the longest episode that is wanted. */
  readonly environment?: (maxSteps: number) => Environment;
  /** The reward to learn from, in place of one by name. */
  readonly reward?: Reward;
  /** What the agent sees of an observation. */
  readonly observe?: ObservationFunction;
  /** The network to begin with, in place of a random one. */
  readonly network?: Network;
}

export type DqnParts = PlayParts;

/** A task as the loops see it. */
export interface Task {
  /** A new environment for training. */
  readonly environment: () => Environment;
  /** A new environment for validation, its observations being the network's. */
  readonly validated: () => Environment;
  readonly actions: number;
  readonly frameSize: number;
  /** Of what the network sees, and its shape. */
  readonly stateSize: number;
  readonly stateShape: readonly number[];
  readonly reward: Reward;
}

interface TaskParameters {
  readonly environment: string;
  readonly maxSteps: number;
  readonly validateSteps: number;
  readonly reward: keyof typeof rewards;
  readonly frames?: number;
}

export function taskOf(parameters: TaskParameters, parts: PlayParts): Task {
  const { maxSteps, validateSteps, frames = 1 } = parameters;
  const own = parts.environment;
  const raw = own
    ? (steps: number): Environment => makeEnvironment(() => own(steps), steps)()
    : namedEnvironment(parameters.environment);
  const seen = (steps: number): Environment => {
    const environment = raw(steps);
    return parts.observe ? observed(environment, parts.observe) : environment;
  };
  const stacked = (steps: number): Environment =>
    frames === 1 ? seen(steps) : withHistory(seen(steps), frames);
  const one = stacked(maxSteps);
  const { size, shape } = one.observationSpace;
  return {
    environment: () => seen(maxSteps),
    validated: () => stacked(validateSteps),
    actions: one.actionSpace.count,
    frameSize: size / frames,
    stateSize: size,
    stateShape: shape ?? [size],
    reward: parts.reward ?? rewards[parameters.reward],
  };
}

/** The environment as it looks through a function of the user's own. */
function observed(environment: Environment, observe: ObservationFunction): Environment {
  const { length: size } = observe(environment.reset(0));
  const bounds = (bound: number): number[] => new Array<number>(size).fill(bound);
  const space = { kind: 'box', size, low: bounds(-Infinity), high: bounds(Infinity) } as const;
  return withObservation(environment, observe, space);
}

function namedEnvironment(given: string): (maxSteps: number) => Environment {
  const name = environmentNames.find((known) => known === given);
  if (name === undefined) {
    throw mismatch('E_ARGUMENT', 'environment', `one of ${environmentNames.join(', ')}`, given);
  }
  return (maxSteps) => makeEnvironment(name, maxSteps)();
}

/** That of a checkpoint, the user's own, or a random one. */
export function startingNetwork(
  parameters: NetworkParameters & { readonly seed: number; readonly dueling?: boolean },
  task: Task,
  parts: PlayParts,
  from: AgentCheckpoint | undefined,
  frozen: readonly string[] = [],
): InitialNetwork {
  if (from !== undefined) {
    const network = networkFrom(partOf(from, 'network'), 'network of the checkpoint');
    return { network, frozen };
  }
  if (parts.network === undefined) {
    const { stateShape: observation, actions: outputs } = task;
    const { dueling = false, seed } = parameters;
    return initialNetwork(parameters, { observation, outputs, dueling, seed });
  }
  const inputs = task.stateSize + (parameters.biasAsObservation ? 1 : 0);
  checkFit(parts.network, inputs, task.actions);
  return { network: parts.network, frozen: [] };
}

export function checkFit(network: Network, inputs: number, outputs: number): void {
  if (network.inputSize !== inputs) {
    throw mismatch('E_SHAPE', 'network to train', `${inputs} inputs`, network.inputSize);
  }
  if (network.outputSize !== outputs) {
    throw mismatch('E_SHAPE', 'network to train', `${outputs} outputs`, network.outputSize);
  }
}

export function qOptions(parameters: DqnParameters, frozen: readonly string[]): QTrainerOptions {
  const { gamma, double, loss, errorClip } = parameters;
  return { ...trainerOptions(parameters, frozen), gamma, double, loss, errorClip };
}

export function replayOptions(parameters: DqnParameters, task: Task): ReplayOptions {
  const { memory, frames, frameType, nStep, gamma, seed, prioritised } = parameters;
  return {
    capacity: memory,
    observation: { size: task.frameSize, dtype: frameType, stack: frames, padding: 'repeat' },
    nStep,
    gamma,
    seed,
    replacement: prioritised || !parameters.distinct,
    ...(prioritised && {
      prioritised: {
        alpha: parameters.priorityAlpha,
        beta: { from: parameters.priorityBeta, to: 1, steps: parameters.priorityBetaUpdates },
      },
    }),
  };
}

/** Multiplications of an update above which it no longer fits between two turns of the event loop. */
const longUpdate = 2e7;

type LengthOfUpdate = Pick<DqnParameters, 'batch' | 'spiking' | 'simulationSteps'> &
  Partial<Pick<DqnParameters, 'updatesEach'>>;

/** Whether updates take so long that they belong on another thread. */
export function learnsLong(
  { batch, spiking, simulationSteps, updatesEach = 1 }: LengthOfUpdate,
  { graph }: Network,
): boolean {
  const weights = graph.nodes.reduce(
    (sum, node) => sum + ('weight' in node ? node.weight.data.length : 0),
    0,
  );
  const convolves = graph.nodes.some(({ kind }) => kind === 'conv' || kind === 'conv_transpose');
  const steps = spiking ? simulationSteps : 1;
  return convolves || weights * batch * steps * updatesEach > longUpdate;
}
