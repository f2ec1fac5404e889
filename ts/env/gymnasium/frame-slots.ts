import { SpiqError, mismatch, phrase } from '../../errors.js';
import { arrayTypes } from '../../wire/message.js';
import { partsOf, type EnvironmentDescription } from './description.js';
import type { FrameFile } from './frame-file.js';

/** What the copies show: each has a slot of the file, its newest observation first. */
export class FrameSlots {
  readonly #parts: ReturnType<typeof partsOf>;

  constructor(
    private readonly file: FrameFile,
    private readonly description: EnvironmentDescription,
    private readonly count: number,
  ) {
    this.#parts = partsOf(description);
  }

  /** Where in a slot the frame before the newest begins, if there is one. */
  get previousAt(): number | undefined {
    return this.description.frames === 2 ? this.#parts.previousAt : undefined;
  }

  readNewest(copy: number, into: Uint8Array): void {
    this.#read(copy, 0, this.#parts.observationBytes, into);
  }

  readPrevious(copy: number, into: Uint8Array): void {
    if (this.previousAt === undefined) throw lacks('a frame before the newest');
    this.#read(copy, this.previousAt, this.#parts.observationBytes, into);
  }

  readPicture(copy: number, into: Uint8Array): void {
    if (this.description.picture === null) throw lacks('a picture');
    this.#read(copy, this.#parts.pictureAt, this.#parts.pictureBytes, into);
  }

  readRow(copy: number, into: Float32Array): void {
    const { size, dtype } = this.description.observation;
    if (into.length !== size) {
      throw mismatch('E_SHAPE', 'observation', `${size} values`, phrase(`${into.length}`));
    }
    const bytes = new Uint8Array(this.#parts.observationBytes);
    this.readNewest(copy, bytes);
    into.set(new arrayTypes[dtype](bytes.buffer));
  }

  /** All bytes of a copy. */
  slot(copy: number): Uint8Array {
    const bytes = new Uint8Array(this.description.slotBytes);
    this.#read(copy, 0, bytes.length, bytes);
    return bytes;
  }

  checkCopy(copy: number): void {
    if (Number.isSafeInteger(copy) && copy >= 0 && copy < this.count) return;
    throw mismatch('E_RANGE', 'copy', `a whole number from 0 to ${this.count - 1}`, copy);
  }

  #read(copy: number, at: number, bytes: number, into: Uint8Array): void {
    this.checkCopy(copy);
    if (into.length !== bytes) {
      throw mismatch('E_SHAPE', 'bytes to read into', `${bytes}`, phrase(`${into.length}`));
    }
    this.file.read(copy * this.description.slotBytes + at, into);
  }
}

function lacks(what: string): SpiqError {
  return new SpiqError('E_UNSUPPORTED', `slot: expected one with ${what}, received one without`);
}
