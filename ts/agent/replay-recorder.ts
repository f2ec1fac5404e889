import { mismatch, phrase } from '../errors.js';
import { writeReplayRows } from '../formats/replay.js';

/** Rows that a published replay has. */
export const defaultReplayRows = 20_000;

/** Outputs are computed for so many rows at once. */
const rowsAtOnce = 1024;

/** The last observations that were acted on, to be written as a replay folder. */
export class ReplayRecorder {
  readonly #width: number;
  readonly #capacity: number;
  #ring: Float32Array;
  #added = 0;

  constructor(width: number, capacity: number = defaultReplayRows) {
    if (!Number.isSafeInteger(capacity) || capacity < 1) {
      throw mismatch('E_RANGE', 'rows of a replay', 'a whole number of at least 1', capacity);
    }
    this.#width = width;
    this.#capacity = capacity;
    this.#ring = new Float32Array(width * Math.min(capacity, rowsAtOnce));
  }

  get rows(): number {
    return Math.min(this.#added, this.#capacity);
  }

  add(observation: Float32Array): void {
    if (observation.length !== this.#width) {
      const came = phrase(`${observation.length}`);
      throw mismatch('E_SHAPE', 'observation', `${this.#width} values`, came);
    }
    const at = (this.#added % this.#capacity) * this.#width;
    if (at === this.#ring.length) this.#grow();
    this.#ring.set(observation, at);
    this.#added += 1;
  }

  /** The rows that are left, the oldest first. */
  observations(): Float32Array {
    const end = this.rows * this.#width;
    const oldest = this.#added > this.#capacity ? (this.#added % this.#capacity) * this.#width : 0;
    const inOrder = new Float32Array(end);
    inOrder.set(this.#ring.subarray(oldest, end));
    inOrder.set(this.#ring.subarray(0, oldest), end - oldest);
    return inOrder;
  }

  /**
   * Writes `memory_inputs.npz` and `memory_outputs.npz` into a folder; `outputs` gives what the network makes of some
   * rows.
   */
  async save(
    folder: string,
    outputs: (observations: Float32Array) => Promise<Float32Array>,
  ): Promise<void> {
    if (this.rows === 0) {
      throw mismatch('E_STATE', 'replay', 'at least one observation', phrase('none'));
    }
    const observations = this.observations();
    const parts: Float32Array[] = [];
    const step = rowsAtOnce * this.#width;
    for (let from = 0; from < observations.length; from += step) {
      parts.push(await outputs(observations.slice(from, from + step)));
    }
    const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => {
      all.set(part, at);
      return at + part.length;
    }, 0);
    writeReplayRows(folder, { observations, outputs: all, actions: all.length / this.rows });
  }

  #grow(): void {
    const length = Math.min(this.#ring.length * 2, this.#capacity * this.#width);
    const grown = new Float32Array(length);
    grown.set(this.#ring);
    this.#ring = grown;
  }
}
