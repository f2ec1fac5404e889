import { Replay } from '../../ts/replay.js';
import type { ReplayBatch, StateType } from '../../ts/replay.js';
import { localContender } from '../race.js';
import type { Contender } from '../race.js';
import { actionOf, floatObservation, frame, numberOf, rewardOf } from './contents.js';
import { alpha, beta, errors, floats, side, stack } from './trials.js';
import type { ReplayTrial } from './trials.js';
import { checkedBatches } from './verify.js';
import type { Draws } from './verify.js';

/** spiq in this process: one batch after the other, into arrays that are there. */
export class OurSide {
  readonly #trial: ReplayTrial;
  readonly #replay: Replay;
  readonly #batch: ReplayBatch<StateType>;

  constructor(trial: ReplayTrial) {
    this.#trial = trial;
    const { kind, transitions: capacity, batch } = trial;
    const frames = kind === 'frames';
    this.#replay = new Replay({
      capacity,
      observation: frames
        ? { size: side * side, dtype: 'uint8', stack, padding: 'repeat' }
        : { size: floats },
      ...(kind === 'prioritised' && { prioritised: { alpha, beta } }),
      seed: 1,
      threads: 1,
    });
    this.#batch = this.#replay.emptyBatch(batch, frames ? 'uint8' : 'float32');
    this.#fill();
  }

  /** Draws batches, checks that each row belongs together, and says where the rows came from. */
  draws(): Draws {
    const { kind, transitions, batch } = this.#trial;
    if (kind === 'prioritised') this.#prioritise();
    let [sum, odd] = [0, 0];
    for (let k = 0; k < checkedBatches; k += 1) {
      this.#replay.sampleInto(this.#batch);
      for (let row = 0; row < batch; row += 1) {
        const c = kind === 'frames' ? this.#frameOf(row) : this.#observationOf(row);
        this.#checkRow(row, c);
        sum += c;
        odd += c % 2;
      }
    }
    const drawn = checkedBatches * batch;
    return { place: sum / drawn / transitions, odd: odd / drawn };
  }

  contender(): Contender {
    const shares = Float32Array.from({ length: this.#trial.batch }, (_, k) => (k % 8) / 8);
    return localContender('spiq', () => {
      this.#replay.sampleInto(this.#batch);
      if (this.#trial.kind === 'prioritised') {
        this.#replay.setPriorities(this.#batch.indices, shares);
      }
    });
  }

  #fill(): void {
    const { kind, transitions, episode } = this.#trial;
    const observation = kind === 'frames' ? frame : floatObservation;
    let c = 0;
    for (let added = 0; added < transitions; added += 1, c += 1) {
      if (added % episode === 0) {
        if (added > 0) c += 1;
        this.#replay.begin(observation(c));
      }
      const terminated = (added + 1) % episode === 0;
      this.#replay.add(actionOf(c), rewardOf(c), observation(c + 1), { terminated });
    }
  }

  /** Errors by whether the observation is an odd one. */
  #prioritise(): void {
    const all = this.#replay.emptyBatch(this.#trial.transitions);
    const count = this.#replay.listInto(all);
    const given = Float32Array.from({ length: count }, (_, row) =>
      all.states[row * floats]! % 2 === 1 ? errors.odd : errors.even,
    );
    this.#replay.setPriorities(all.indices.subarray(0, count), given);
  }

  #observationOf(row: number): number {
    const { states, nextStates } = this.#batch;
    const [at, c] = [row * floats, states[row * floats]!];
    const followed = nextStates.subarray(at, at + floats);
    const expected = [...floatObservation(c), ...floatObservation(c + 1)];
    const found = [...states.subarray(at, at + floats), ...followed];
    if (String(found) !== String(expected)) throw new Error(`row ${row}: ${String(found)}`);
    return c;
  }

  /** The number of the newest frame of a state; the oldest lies first, and before an episode its first again. */
  #frameOf(row: number): number {
    const { states, nextStates } = this.#batch;
    const numbers = (from: ArrayLike<number>): number[] =>
      Array.from({ length: stack }, (_, k) => numberOf(from, (row * stack + k) * side * side));
    const state = numbers(states);
    const c = state.at(-1)!;
    const ending = (last: number): number[] =>
      Array.from({ length: stack }, (_, k) => Math.max(0, last - stack + 1 + k));
    const found = [...state, ...numbers(nextStates)];
    const expected = [...ending(c), ...ending(c + 1)];
    if (String(found) !== String(expected)) throw new Error(`row ${row}: ${String(found)}`);
    return c;
  }

  #checkRow(row: number, c: number): void {
    const { actions, returns } = this.#batch;
    if (actions[row] !== actionOf(c) || returns[row] !== rewardOf(c)) {
      throw new Error(`observation ${c}: action ${actions[row]}, reward ${returns[row]}`);
    }
  }
}
