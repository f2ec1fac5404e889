import { mean, sampleDeviation } from '../agent/statistics.js';
import type { PhaseRow } from './columns.js';
import { wallSeconds } from './clock.js';
import type { Clock } from './clock.js';

/** What a meter has counted: JSON, so that a checkpoint in the middle of a phase can hold it. */
export interface MeterState {
  readonly steps: number;
  readonly returns: readonly number[];
  readonly gameSteps: number;
  readonly lossSum: number;
  readonly updates: number;
  readonly spikes: number;
  readonly observations: number;
  readonly seconds: number;
}

const nothing: MeterState = {
  steps: 0,
  returns: [],
  gameSteps: 0,
  lossSum: 0,
  updates: 0,
  spikes: 0,
  observations: 0,
  seconds: 0,
};

/**
 * Counts what happens in one phase. A game belongs to the phase in which it ends, so long games are not lost; the
 * mean loss is the sum over the phase's updates divided by their number.
 */
export class PhaseMeter {
  #steps: number;
  readonly #returns: number[];
  #gameSteps: number;
  #lossSum: number;
  #updates: number;
  #spikes: number;
  #observations: number;
  readonly #secondsBefore: number;
  readonly #clock: Clock;
  readonly #begin: number;

  constructor(state: MeterState = nothing, clock: Clock = wallSeconds) {
    this.#steps = state.steps;
    this.#returns = [...state.returns];
    this.#gameSteps = state.gameSteps;
    this.#lossSum = state.lossSum;
    this.#updates = state.updates;
    this.#spikes = state.spikes;
    this.#observations = state.observations;
    this.#secondsBefore = state.seconds;
    this.#clock = clock;
    this.#begin = clock();
  }

  get steps(): number {
    return this.#steps;
  }

  get games(): number {
    return this.#returns.length;
  }

  addSteps(count = 1): void {
    this.#steps += count;
  }

  addGame(gameReturn: number, steps: number): void {
    this.#returns.push(gameReturn);
    this.#gameSteps += steps;
  }

  /** `loss` is the mean over `updates` updates. */
  addLoss(loss: number, updates = 1): void {
    this.#lossSum += loss * updates;
    this.#updates += updates;
  }

  addSpikes(spikes: number, observations = 1): void {
    this.#spikes += spikes;
    this.#observations += observations;
  }

  save(): MeterState {
    return {
      steps: this.#steps,
      returns: [...this.#returns],
      gameSteps: this.#gameSteps,
      lossSum: this.#lossSum,
      updates: this.#updates,
      spikes: this.#spikes,
      observations: this.#observations,
      seconds: this.#seconds(),
    };
  }

  /** The columns that a phase's own events determine. */
  row() {
    const seconds = this.#seconds();
    const returns = this.#returns;
    const games = returns.length;
    return {
      steps: this.#steps,
      nr_games: games,
      average_reward: games > 0 ? mean(returns) : undefined,
      min_game_reward: games > 0 ? returns.reduce((a, b) => Math.min(a, b)) : undefined,
      max_game_reward: games > 0 ? returns.reduce((a, b) => Math.max(a, b)) : undefined,
      return_std: sampleDeviation(returns) ?? undefined,
      mean_game_steps: games > 0 ? this.#gameSteps / games : undefined,
      meancost: this.#updates > 0 ? this.#lossSum / this.#updates : undefined,
      spikes_per_observation:
        this.#observations > 0 ? this.#spikes / this.#observations : undefined,
      epoch_time: seconds,
      steps_per_second: seconds > 0 ? this.#steps / seconds : undefined,
    } satisfies Partial<PhaseRow>;
  }

  #seconds(): number {
    return this.#secondsBefore + this.#clock() - this.#begin;
  }
}

/** The mean over states of the largest output: `meanq`, for the same held-out states in every phase. */
export function meanLargestOutput(outputs: ArrayLike<number>, actions: number): number {
  let sum = 0;
  const states = outputs.length / actions;
  for (let state = 0; state < states; state += 1) {
    let largest = -Infinity;
    for (let k = 0; k < actions; k += 1) {
      largest = Math.max(largest, outputs[state * actions + k]!);
    }
    sum += largest;
  }
  return sum / states;
}
