import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from 'node:fs';
import { mismatch, phrase } from '../errors.js';
import { fileError } from './files.js';

const newline = 0x0a;
const blockBytes = 1 << 16;

/**
 * A text file that grows by whole lines. The bytes of a line go out in one write at the file's end; what a crash left
 * of a last line without its newline is cut off when the file is opened.
 */
export class AppendedFile {
  readonly #path: string;
  #descriptor: number | undefined;
  /** Where each line ends, in bytes from the start. */
  readonly #ends: number[];

  /** Opens an existing file and mends its end. */
  constructor(path: string) {
    this.#path = path;
    const file = this.#guarded('open', () => openSync(path, 'r+'));
    this.#descriptor = file;
    try {
      this.#ends = this.#guarded('read', () => lineEnds(file));
      this.#guarded('mend', () => {
        if (fstatSync(file).size > this.#size()) ftruncateSync(file, this.#size());
      });
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get lines(): number {
    return this.#ends.length;
  }

  /** `line` without its newline. */
  append(line: string): void {
    const bytes = Buffer.from(`${line}\n`);
    const file = this.#open();
    const begin = this.#size();
    this.#guarded('append to', () => {
      let written = 0;
      while (written < bytes.length) {
        written += writeSync(file, bytes, written, bytes.length - written, begin + written);
      }
    });
    this.#ends.push(begin + bytes.length);
  }

  /** Leaves the first `lines` lines. */
  cut(lines: number): void {
    if (lines > this.lines) {
      throw mismatch('E_FORMAT', this.#path, `${lines} lines`, phrase(`${this.lines}`));
    }
    this.#ends.length = lines;
    this.#guarded('cut', () => {
      ftruncateSync(this.#open(), this.#size());
    });
  }

  /** Returns once the lines lie on the disk. */
  flush(): void {
    this.#guarded('flush', () => {
      fdatasyncSync(this.#open());
    });
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #size(): number {
    return this.#ends.at(-1) ?? 0;
  }

  #open(): number {
    if (this.#descriptor === undefined) {
      throw mismatch('E_STATE', this.#path, 'an open file', phrase('one that was closed'));
    }
    return this.#descriptor;
  }

  #guarded<T>(action: string, act: () => T): T {
    try {
      return act();
    } catch (cause) {
      if (cause instanceof Error && 'syscall' in cause) throw fileError(this.#path, action, cause);
      throw cause;
    }
  }
}

function lineEnds(file: number): number[] {
  const block = Buffer.alloc(blockBytes);
  const ends: number[] = [];
  for (let offset = 0; ;) {
    const read = readSync(file, block, 0, blockBytes, offset);
    if (read === 0) return ends;
    for (let i = block.indexOf(newline); i >= 0 && i < read; i = block.indexOf(newline, i + 1)) {
      ends.push(offset + i + 1);
    }
    offset += read;
  }
}
