import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import path from 'node:path';
import { mismatch, phrase } from '../../errors.js';
import { fileError } from '../../formats/files.js';
import { PrivateFolder } from '../../wire/folder.js';

const pieceBytes = 1 << 20;

/** The file that the worker writes frames to. It has no name once it is open, so nothing of it can be left over. */
export class FrameFile {
  readonly fd: number;
  readonly #what: string;
  #bytes = 0;
  #open = true;

  constructor() {
    const folder = PrivateFolder.inMemory();
    this.#what = path.join(folder.path, 'frames');
    try {
      this.fd = openSync(this.#what, 'wx+', 0o600);
      unlinkSync(this.#what);
    } catch (cause) {
      throw fileError(this.#what, 'make', cause);
    } finally {
      folder.remove();
    }
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Zeros are written, so that a full disk shows here and not as a signal to whoever has mapped the file. */
  allocate(bytes: number): void {
    const zeros = new Uint8Array(Math.min(bytes, pieceBytes));
    try {
      ftruncateSync(this.fd, 0);
      for (let at = 0; at < bytes;) {
        at += writeSync(this.fd, zeros, 0, Math.min(zeros.length, bytes - at), at);
      }
    } catch (cause) {
      throw fileError(this.#what, `write ${bytes} bytes to`, cause);
    }
    this.#bytes = bytes;
  }

  read(offset: number, into: Uint8Array): void {
    if (!this.#open) throw mismatch('E_STATE', 'frame file', 'an open one', phrase('a closed one'));
    const came = readSync(this.fd, into, 0, into.length, offset);
    if (came === into.length) return;
    throw mismatch('E_INTERNAL', 'bytes of the frame file', `${into.length}`, came);
  }

  close(): void {
    if (this.#open) closeSync(this.fd);
    this.#open = false;
  }
}
