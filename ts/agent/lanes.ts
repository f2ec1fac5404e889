import type { Environment, StepResult } from '../env/env.js';
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

  begin(episode: number): Float32Array {
    this.episode = episode;
    this.earned = 0;
    this.#actions.length = 0;
    this.observation = this.environment.reset(seedOf(this.seed, streams.episodes, episode));
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
  static again(environment: Environment, seed: number, state: LaneState): Lane {
    const lane = new Lane(environment, seed, state.episode);
    state.actions.forEach((action) => lane.step(action));
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
