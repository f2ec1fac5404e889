import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { mismatch } from '../../errors.js';
import { fileError } from '../files.js';
import type { ByteSource } from './zip-records.js';

/** What is read at once: the records of an archive are small and lie side by side. */
const windowBytes = 2 ** 16;

/** A file whose bytes are read where they are wanted: for headers and directories, not for the data. */
export class FileBytes implements ByteSource {
  readonly length: number;
  readonly #file: number;
  #window = new Uint8Array(0);
  #start = 0;

  constructor(readonly path: string) {
    try {
      this.#file = openSync(path, 'r');
      this.length = fstatSync(this.#file).size;
    } catch (cause) {
      throw fileError(path, 'read', cause);
    }
  }

  read(offset: number, length: number): Uint8Array {
    const end = offset + length;
    if (offset < this.#start || end > this.#start + this.#window.length) this.#load(offset, end);
    return this.#window.subarray(offset - this.#start, end - this.#start);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** The window ends where the file does if it can, since an archive's end is searched backwards. */
  #load(offset: number, end: number): void {
    const first = Math.max(0, Math.min(offset, this.length - windowBytes));
    const last = Math.min(this.length, Math.max(end, first + windowBytes));
    const bytes = new Uint8Array(last - first);
    let filled = 0;
    while (filled < bytes.length) {
      const read = this.#readAt(bytes, filled, first + filled);
      if (read === 0) {
        throw mismatch('E_FORMAT', this.path, `${this.length} bytes`, first + filled);
      }
      filled += read;
    }
    this.#window = bytes;
    this.#start = first;
  }

  #readAt(bytes: Uint8Array, at: number, position: number): number {
    try {
      return readSync(this.#file, bytes, at, bytes.length - at, position);
    } catch (cause) {
      throw fileError(this.path, 'read', cause);
    }
  }
}
