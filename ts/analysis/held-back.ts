import { RowSample, piecesOf } from '../convert/rows.js';
import type { CalibrationRows } from '../convert/index.js';
import type { Observations } from '../network.js';

/** Every tenth row is not calibrated with, so that methods are judged by what they have not seen. */
export const heldBackEvery = 10;
/** And of these no more than so many, evenly spread, are simulated. */
const mostHeldBack = 2000;
const mostValues = 2 ** 24;

/** Parts a stream of rows in those to calibrate with and those held back. */
export class HeldBack {
  readonly #sample: RowSample;
  #seen = 0;

  constructor(readonly width: number) {
    const most = Math.max(1, Math.min(mostHeldBack, Math.floor(mostValues / width)));
    this.#sample = new RowSample(width, most);
  }

  /** The rows to calibrate with, of the first `most`. */
  async *others(rows: CalibrationRows, most: number): AsyncGenerator<Observations> {
    const { width } = this;
    for await (const piece of piecesOf(rows, width, most)) {
      const kept = piece.slice();
      let count = 0;
      for (let start = 0; start < piece.length; start += width) {
        const row = piece.subarray(start, start + width);
        this.#seen += 1;
        if (this.#seen % heldBackEvery === 0) this.#sample.add(row);
        else kept.set(row, width * count++);
      }
      if (count > 0) yield kept.subarray(0, width * count);
    }
  }

  /** Rows seen, both kinds together. */
  get seen(): number {
    return this.#seen;
  }

  rows(): Float64Array {
    return this.#sample.toArray();
  }

  /** Their numbers among all rows, from 0. */
  indices(): number[] {
    const step = heldBackEvery * this.#sample.stride;
    return Array.from({ length: this.#sample.count }, (_, k) => k * step + heldBackEvery - 1);
  }
}
