import type { Environment, StepResult } from '../env/env.js';
import type { EnvironmentGroup } from '../env/group.js';
import { seedOf, streams } from '../env/philox.js';
import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';

/** Where an episode stands: what it takes to play it again up to here. Plain data. */
export interface LaneState {
  readonly episode: number;
  readonly actions: readonly number[];
  readonly earned: number;
}

/**
 * One copy of the environment in training. Every episode is reset with a seed of its own, so that an episode is its
 * number and its actions: a checkpoint needs no state of the environment, and users' environments resume like ours.
 */
export class Lane {
  observation: Float32Array;
  /** Sum of the environment's rewards in this episode. */
  earned = 0;
  episode: number;
  readonly #actions: number[] = [];

  constructor(
    readonly environment: Environment,
    private readonly seed: number,
    episode: number,
  ) {
    this.episode = episode;
    this.observation = environment.reset(seedOf(seed, streams.episodes, episode));
  }

  get steps(): number {
    return this.#actions.length;
  }

  /** The seed of an episode, for whoever has to reset a group ahead. */
  seedOf(episode: number): number {
    return seedOf(this.seed, streams.episodes, episode);
  }

  begin(episode: number): Float32Array {
    this.episode = episode;
    this.earned = 0;
    this.#actions.length = 0;
    this.observation = this.environment.reset(this.seedOf(episode));
    return this.observation;
  }

  step(action: number): StepResult {
    const result = this.environment.step(action);
    this.#actions.push(action);
    this.earned += result.reward;
    this.observation = result.observation;
    return result;
  }

  state(): LaneState {
    return { episode: this.episode, actions: [...this.#actions], earned: this.earned };
  }

  /** Plays the episode of a checkpoint again, up to where it stood. */
  static async again(seat: Seat, seed: number, state: LaneState): Promise<Lane> {
    const lane = await Lane.begun(seat, seed, state.episode);
    for (const action of state.actions) {
      await seat.group?.step([seat.copy], [action]);
      lane.step(action);
    }
    if (lane.earned !== state.earned) {
      throw mismatch(
        'E_STATE',
        `episode ${state.episode} played again from its seed and actions`,
        `the ${state.earned} earned before the checkpoint (an environment must depend on its seed and its actions alone)`,
        phrase(String(lane.earned)),
      );
    }
    return lane;
  }

  static async begun(
    { environment, copy, group }: Seat,
    seed: number,
    episode: number,
  ): Promise<Lane> {
    await group?.reset([copy], [seedOf(seed, streams.episodes, episode)]);
    return new Lane(environment, seed, episode);
  }
}

/** A copy of an environment and, where it lives elsewhere, the group that it belongs to. */
export interface Seat {
  readonly environment: Environment;
  readonly copy: number;
  readonly group?: EnvironmentGroup | undefined;
}

/** A lane as a checkpoint has it. */
export function readLane(value: unknown, what: string): LaneState {
  const fields = new Fields(value, what);
  const state = {
    episode: fields.count('episode'),
    actions: fields.counts('actions'),
    earned: fields.number('earned'),
  };
  fields.done();
  return state;
}
