import { checkFloatArray, rowsOf } from '../check.js';
import { mismatch } from '../errors.js';
import type { Observations } from '../native.js';
import type { CalibrationRows } from './options.js';

/** What is handed to the addon at once: enough for all threads, little enough to be cancelled soon. */
const rowsAtOnce = 4096;

export function checkMostRows(most: number): void {
  if (most === Infinity || (Number.isInteger(most) && most >= 1)) return;
  throw mismatch('E_RANGE', 'calibrationRows', 'a whole number of at least 1, or Infinity', most);
}

/** How many there are, where that is known before they have come: `Infinity` where it is not. */
export function knownRows(rows: CalibrationRows, width: number): number {
  if (rows instanceof Float32Array || rows instanceof Float64Array) return rows.length / width;
  const count = (rows as { readonly rows?: unknown } | null)?.rows;
  return typeof count === 'number' ? count : Infinity;
}

/** Pieces of whole rows, `most` rows in all. */
export async function* piecesOf(
  rows: CalibrationRows,
  width: number,
  most: number,
): AsyncGenerator<Observations> {
  let left = most;
  for await (const piece of iterate(rows)) {
    checkFloatArray(piece, 'calibration');
    const count = Math.min(rowsOf(piece, width, 'calibration'), left);
    for (let first = 0; first < count; first += rowsAtOnce) {
      yield piece.subarray(first * width, Math.min(first + rowsAtOnce, count) * width);
    }
    left -= count;
    if (left === 0) return;
  }
}

function iterate(rows: CalibrationRows): Iterable<Observations> | AsyncIterable<Observations> {
  if (rows instanceof Float32Array || rows instanceof Float64Array) return [rows];
  const given = rows as Partial<Iterable<Observations> & AsyncIterable<Observations>>;
  const isArrayOfNumbers = Array.isArray(rows) && typeof rows[0] === 'number';
  if (typeof rows === 'object' && (rows as unknown) !== null && !isArrayOfNumbers) {
    if (Symbol.asyncIterator in given || Symbol.iterator in given) return rows;
  }
  const expected = 'a Float32Array, a Float64Array, or pieces of that kind';
  throw mismatch('E_ARGUMENT', 'calibration', expected, rows);
}

/**
 * Some rows of a stream of unknown length, spread evenly over it, the same ones however it comes in pieces: every
 * row at first, every second once there are too many, and so on.
 */
export class RowSample {
  #values = new Float64Array();
  #count = 0;
  #stride = 1;
  #seen = 0;

  constructor(
    readonly width: number,
    readonly most: number,
  ) {}

  add(piece: Observations): void {
    const rows = piece.length / this.width;
    let row = 0;
    while (row < rows) {
      const passedOver = (this.#stride - (this.#seen % this.#stride)) % this.#stride;
      if (passedOver > 0) {
        const passed = Math.min(passedOver, rows - row);
        row += passed;
        this.#seen += passed;
      } else if (this.#count === this.most) {
        this.#thin();
      } else {
        const taken = this.#stride === 1 ? Math.min(rows - row, this.most - this.#count) : 1;
        this.#append(piece.subarray(row * this.width, (row + taken) * this.width));
        row += taken;
        this.#seen += taken;
      }
    }
  }

  /** The rows kept are those whose number, from 0, is a multiple of it. */
  get stride(): number {
    return this.#stride;
  }

  get count(): number {
    return this.#count;
  }

  /** The rows laid end to end. */
  toArray(): Float64Array {
    return this.#values.slice(0, this.#count * this.width);
  }

  #append(values: Observations): void {
    const used = this.#count * this.width;
    const needed = used + values.length;
    if (needed > this.#values.length) {
      const larger = new Float64Array(Math.min(this.most * this.width, Math.max(needed, 2 * used)));
      larger.set(this.#values.subarray(0, used));
      this.#values = larger;
    }
    this.#values.set(values, used);
    this.#count += values.length / this.width;
  }

  /** Every second of the rows kept. */
  #thin(): void {
    this.#stride *= 2;
    const kept = Math.ceil(this.#count / 2);
    for (let row = 1; row < kept; row += 1) {
      const from = 2 * row * this.width;
      this.#values.copyWithin(row * this.width, from, from + this.width);
    }
    this.#count = kept;
  }
}
