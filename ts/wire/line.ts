import type { Socket } from 'node:net';
import { SpiqError, mismatch } from '../errors.js';
import { mostMessageBytes, mostTensors } from './message.js';

/** Larger messages go through ZeroMQ: they would fill the line's buffer, and its threads are worth their time there. */
export const mostLineBytes = 64 * 1024;
const mostFrames = mostTensors + 1;
const wordBytes = 4;

/** The number of the frames, their lengths, and the frames; numbers as u32, little-endian. */
export function packFrames(frames: readonly Uint8Array[]): Buffer {
  const head = Buffer.allocUnsafe(wordBytes * (1 + frames.length));
  head.writeUInt32LE(frames.length, 0);
  frames.forEach(({ length }, k) => head.writeUInt32LE(length, wordBytes * (1 + k)));
  return Buffer.concat([head, ...frames]);
}

/** Cuts what comes along the line into messages again. */
export class FrameUnpacker {
  #pieces: Buffer[] = [];
  #came = 0;
  /** Bytes that have to be there before there is more to read. */
  #needed = wordBytes;

  /** The messages that this piece makes whole. */
  add(piece: Buffer): Buffer[][] {
    this.#pieces.push(piece);
    this.#came += piece.length;
    const messages: Buffer[][] = [];
    while (this.#came >= this.#needed) {
      let bytes = this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
      const message = this.#read(bytes);
      if (message !== undefined) {
        messages.push(message);
        bytes = bytes.subarray(this.#needed);
        this.#needed = wordBytes;
      }
      this.#pieces = [bytes];
      this.#came = bytes.length;
    }
    return messages;
  }

  /** The message at the beginning of these bytes, or else how many more it takes to know more of it. */
  #read(bytes: Buffer): Buffer[] | undefined {
    const count = bytes.readUInt32LE(0);
    if (count < 1 || count > mostFrames) {
      throw mismatch('E_PROTOCOL', 'frames on the line', `1 to ${mostFrames}`, count);
    }
    let end = wordBytes * (1 + count);
    if (bytes.length < end) {
      this.#needed = end;
      return undefined;
    }
    const frames: [number, number][] = [];
    for (let k = 1; k <= count; k += 1) {
      const length = bytes.readUInt32LE(wordBytes * k);
      frames.push([end, (end += length)]);
    }
    const total = end - wordBytes * (1 + count);
    if (total > mostMessageBytes) {
      const expected = `${mostMessageBytes} bytes at most`;
      throw mismatch('E_TOO_LARGE', 'message on the line', expected, total);
    }
    this.#needed = end;
    if (bytes.length < end) return undefined;
    return frames.map(([from, to]) => bytes.subarray(from, to));
  }
}

/**
 * A socket pair between Node.js and the worker it started, for small messages. ZeroMQ hands each message to a thread of
 * its own on either side, which have to wake up; on the line the two processes wake each other
 * (docs/decisions/006-worker-wire.md). scripts/spiq_worker/line.py is the other side.
 */
export class Line {
  readonly #socket: Socket;
  /** It may come before the line is open. */
  readonly #closed: Promise<void>;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => {
      socket.once('close', () => resolve());
    });
    // 'close' follows, with an error or without.
    socket.on('error', () => undefined);
    socket.unref();
  }

  /** `onEnd` is told why, if something was wrong on this side. */
  open(onMessage: (frames: Buffer[]) => void, onEnd: (why?: SpiqError) => void): void {
    const unpacker = new FrameUnpacker();
    this.#socket.on('data', (piece: Buffer) => {
      try {
        unpacker.add(piece).forEach(onMessage);
      } catch (error) {
        this.#socket.destroy(error as Error);
      }
    });
    void this.#closed.then(() => {
      const why = this.#socket.errored;
      onEnd(why instanceof SpiqError ? why : undefined);
    });
  }

  send(frames: readonly Uint8Array[]): Promise<void> {
    this.#socket.write(packFrames(frames));
    return Promise.resolve();
  }

  /** Whether Node.js goes on for what may come. */
  keepAlive(wanted: boolean): void {
    if (wanted) this.#socket.ref();
    else this.#socket.unref();
  }

  close(): void {
    this.#socket.destroy();
  }
}
