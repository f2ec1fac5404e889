import type { Environment } from '../env/env.js';
import { wrapGroup } from '../env/group.js';
import type { EnvironmentGroup } from '../env/group.js';
import { environmentNames, makeEnvironment } from '../env/registry.js';
import { withFrames, withObservation, withTimeLimit } from '../env/wrappers/index.js';
import type { ObservationFunction } from '../env/wrappers/index.js';
import { mismatch, phrase } from '../errors.js';
import type { Network } from '../network.js';
import type { ReplayOptions } from '../replay.js';
import type { QTrainerOptions } from '../trainer/q-trainer.js';
import { networkFrom, partOf } from './checkpoint.js';
import type { AgentCheckpoint } from './checkpoint.js';
import type { DqnParameters } from './dqn-parameters.js';
import type { NetworkParameters } from './network-parameters.js';
import type { Seat } from './lanes.js';
import { fixedNodes, initialNetwork } from './networks.js';
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
  /** The observation that is 0 to the network, for parameters that say `centred`. */
  readonly centre?: Float32Array;
}

export interface DqnParts extends PlayParts {
  /** Copies that live elsewhere to train on, in place of environments made here; as many as `copies` at least. */
  readonly group?: EnvironmentGroup;
  /** The same for validations; opened at the first. */
  readonly validationGroup?: () => Promise<EnvironmentGroup>;
  /** Where the replay memory lies, in place of this process's memory. */
  readonly replayFile?: string | undefined;
}

/** A task as the loops see it. */
export interface Task {
  /** The environment of a copy, for training. */
  readonly seat: (copy: number) => Seat;
  /** Environments for validation, their observations being the network's. */
  readonly validated: () => Promise<(() => Environment) | EnvironmentGroup>;
  readonly actions: number;
  /** What they do, where that is known. */
  readonly actionNames: readonly string[];
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
  readonly copies?: number;
}

export function taskOf(parameters: TaskParameters, parts: DqnParts): Task {
  const { maxSteps, validateSteps, frames = 1 } = parameters;
  const stacked = (environment: Environment): Environment => withFrames(environment, frames);
  const limited = (group: EnvironmentGroup, steps: number): EnvironmentGroup =>
    wrapGroup(group, (one) => withTimeLimit(one, steps));
  const group = trainingGroup(parameters, parts);
  const make = maker(parameters.environment, parts);
  const one = stacked(group ? group.environments[0]! : make(maxSteps));
  const { size, shape } = one.observationSpace;
  const training = group && limited(group, maxSteps);
  let validation: EnvironmentGroup | undefined;
  return {
    seat: (copy) => ({
      environment: training?.environments[copy] ?? make(maxSteps),
      copy,
      group: training,
    }),
    validated: async () => {
      if (group === undefined) return () => stacked(make(validateSteps));
      validation ??= wrapGroup(limited(await validationGroup(parts), validateSteps), stacked);
      return validation;
    },
    actions: one.actionSpace.count,
    actionNames: one.actionSpace.names ?? [],
    frameSize: size / frames,
    stateSize: size,
    stateShape: shape ?? [size],
    reward: parts.reward ?? rewards[parameters.reward],
  };
}

function trainingGroup(
  { copies = 1 }: TaskParameters,
  { group, observe, environment }: DqnParts,
): EnvironmentGroup | undefined {
  if (group === undefined) return undefined;
  const other = observe ?? environment;
  if (other !== undefined) {
    const expected = 'a group alone, whose environments can be wrapped by wrapGroup';
    throw mismatch('E_ARGUMENT', 'parts of the agent', expected, other);
  }
  const { length } = group.environments;
  if (length < copies) throw mismatch('E_RANGE', 'parameter copies', `at most ${length}`, copies);
  return group;
}

function validationGroup({ validationGroup: open }: DqnParts): Promise<EnvironmentGroup> {
  if (open !== undefined) return open();
  const expected = 'a validationGroup beside the group to train on';
  throw mismatch('E_ARGUMENT', 'parts of the agent', expected, phrase('none'));
}

/** Makes environments here: the user's own, or those of a name. */
function maker(
  given: string,
  { environment: own, observe }: PlayParts,
): (maxSteps: number) => Environment {
  const make = own
    ? (steps: number): Environment => makeEnvironment(() => own(steps), steps)()
    : (steps: number): Environment => namedEnvironment(given)(steps);
  return observe ? (steps) => observed(make(steps), observe) : make;
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
    const expected = `one of ${environmentNames.join(', ')}, or a group of copies beside it`;
    throw mismatch('E_ARGUMENT', 'environment', expected, given);
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
    const { centre } = parts;
    return initialNetwork(parameters, { observation, outputs, dueling, seed, centre });
  }
  const inputs = task.stateSize + (parameters.biasAsObservation ? 1 : 0);
  checkFit(parts.network, inputs, task.actions);
  return { network: parts.network, frozen: fixedNodes(parts.network.graph) };
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
  const { gamma, double, loss, errorClip, gapShare } = parameters;
  return { ...trainerOptions(parameters, frozen), gamma, double, loss, errorClip, gapShare };
}

export function replayOptions(
  parameters: DqnParameters,
  task: Task,
  { replayFile: file }: DqnParts,
): ReplayOptions {
  const { memory, frames, frameType, nStep, gamma, seed, prioritised } = parameters;
  return {
    capacity: memory,
    observation: { size: task.frameSize, dtype: frameType, stack: frames, padding: 'repeat' },
    nStep,
    gamma,
    seed,
    ...(file !== undefined && { file }),
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
