import { mismatch } from '../errors.js';
import type { ReplayBatch, StateType } from './batch.js';
import type { FrameOptions } from './options.js';

type Stored = Float32Array | Uint8Array;

/** States of a memory whose frames the user decodes. */
export class FrameDecoder {
  readonly stateSize: number;
  readonly #stack: number;
  readonly #storedSize: number;
  readonly #decodedSize: number;
  readonly #bytes: boolean;
  readonly #decode: (stored: Stored, into: Float32Array) => void;
  /** Room for stored states of the latest size of batch. */
  #room: { readonly states: Stored; readonly nextStates: Stored };

  constructor(options: FrameOptions, decode: (stored: Stored, into: Float32Array) => void) {
    const { size, dtype = 'float32', stack = 1, decodedSize = size } = options;
    this.#stack = stack;
    this.#storedSize = size;
    this.#decodedSize = decodedSize;
    this.stateSize = decodedSize * stack;
    this.#bytes = dtype !== 'float32';
    this.#decode = decode;
    this.#room = { states: this.#stored(1), nextStates: this.#stored(1) };
  }

  room(rows: number): { readonly states: Stored; readonly nextStates: Stored } {
    if (this.#room.states.length !== rows * this.#stack * this.#storedSize)
      this.#room = { states: this.#stored(rows), nextStates: this.#stored(rows) };
    return this.#room;
  }

  decodeBatch(batch: ReplayBatch<StateType>): void {
    this.#decodeFrames(this.#room.states, batch.states);
    this.#decodeFrames(this.#room.nextStates, batch.nextStates);
  }

  state(read: (copy: number, into: Stored) => void, copy: number, into: Stored): void {
    const stored = this.#stored(1);
    read(copy, stored);
    this.#decodeFrames(stored, into);
  }

  #stored(rows: number): Stored {
    const values = rows * this.#stack * this.#storedSize;
    return this.#bytes ? new Uint8Array(values) : new Float32Array(values);
  }

  #decodeFrames(stored: Stored, into: Stored): void {
    if (!(into instanceof Float32Array))
      throw mismatch('E_ARGUMENT', 'states of a memory with decode', 'a Float32Array', into);
    const frames = stored.length / this.#storedSize;
    if (into.length !== frames * this.#decodedSize)
      throw mismatch('E_SHAPE', 'states', `${frames * this.#decodedSize} values`, into.length);
    for (let frame = 0; frame < frames; frame += 1) {
      const at = frame * this.#storedSize;
      const to = frame * this.#decodedSize;
      this.#decode(
        stored.subarray(at, at + this.#storedSize),
        into.subarray(to, to + this.#decodedSize),
      );
    }
  }
}
