import type { Dealer } from 'zeromq';
import { SpiqError } from '../errors.js';
import { WorkerError, errorFromBody } from './errors.js';
import { mostLineBytes, type Line } from './line.js';
import {
  decodeMessage,
  encodeMessage,
  type WireBody,
  type WireMessage,
  type WireTensor,
} from './message.js';

export interface RequestOptions {
  /** Milliseconds after which the call fails with `E_TIMEOUT`. */
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  /** Told of each message `progress` on the way; every one of them begins the deadline anew. */
  readonly onProgress?: (body: WireBody) => void;
  /**
   * For requests that the worker can break off: once cancelled they wait so many milliseconds for its answer, after which it
   * is ended. Left out, a cancelled request is not waited for.
   */
  readonly graceMs?: number;
}

interface Waiting {
  readonly resolve: (message: WireMessage) => void;
  readonly reject: (error: Error) => void;
  readonly release: () => void;
  readonly progress: (body: WireBody) => void;
}

type Way = Pick<Dealer, 'send'> | Line;

export const defaultDeadline = 60_000;
/** Milliseconds by which a timer may fire late on a busy machine. */
const lateness = 100;
const none: ReadonlyMap<string, WireTensor> = new Map();

/** Requests over one socket, and small ones over the line beside it, each answered under its number on its way. */
export class WireClient {
  readonly #socket: Dealer;
  readonly #waiting = new Map<number, Waiting>();
  readonly #stderrTail: () => string;
  readonly #onTimeout: (error: WorkerError) => void;
  #line: Line | undefined;
  /** That of all requests that wait. */
  #way: Way;
  #lastId = 0;
  #receiving = false;
  #closed: Error | undefined;

  constructor(socket: Dealer, stderrTail: () => string, onTimeout: (error: WorkerError) => void) {
    this.#socket = socket;
    this.#way = socket;
    this.#stderrTail = stderrTail;
    this.#onTimeout = onTimeout;
  }

  /** From now on small messages take this way; `onLost` is told if the worker lets go of it. */
  useLine(line: Line, onLost: () => void): void {
    this.#line = line;
    line.open(
      (frames) => this.#take(frames),
      (why) => {
        if (why !== undefined) this.close(broken(why));
        onLost();
      },
    );
  }

  get pending(): number {
    return this.#waiting.size;
  }

  async request(
    type: string,
    body: WireBody,
    tensors: ReadonlyMap<string, WireTensor> = none,
    options: RequestOptions = {},
  ): Promise<WireMessage> {
    if (this.#closed !== undefined) throw this.#closed;
    const { deadlineMs = defaultDeadline, signal, onProgress, graceMs } = options;
    throwIfCancelled(signal);
    const id = (this.#lastId += 1);
    const frames = encodeMessage({ id, type, body, tensors });
    const way = (this.#way = this.#wayOf(frames));
    return new Promise((resolve, reject) => {
      const expire = (): void => this.#expire(id, type, deadlineMs);
      let stopWatch = watch(deadlineMs, expire);
      const abort = (): void => {
        if (graceMs === undefined) this.#settle(id)?.reject(cancelled());
        else {
          stopWatch();
          stopWatch = watch(graceMs, () => this.#expireCancelled(id, type, graceMs));
        }
        // On the way of the request, which it must not overtake.
        this.#sendCancel(id, way);
      };
      const release = (): void => {
        stopWatch();
        signal?.removeEventListener('abort', abort);
      };
      const progress = (body: WireBody): void => {
        if (signal?.aborted === true) return;
        stopWatch();
        stopWatch = watch(deadlineMs, expire);
        onProgress?.(body);
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#waiting.set(id, { resolve, reject, release, progress });
      if (way === this.#line) way.keepAlive(true);
      else void this.#receive();
      way.send(frames).catch((cause: unknown) => {
        this.#settle(id)?.reject(unsent(type, cause));
      });
    });
  }

  /** Fails what is waiting, and every call from now on, with this error. */
  close(error: Error): void {
    if (this.#closed !== undefined) return;
    this.#closed = error;
    this.failAll(error);
    this.#socket.close();
    this.#line?.close();
  }

  failAll(error: Error): void {
    for (const id of [...this.#waiting.keys()]) this.#settle(id)?.reject(error);
  }

  /** Requests keep their order: as long as one waits, the next ones go its way. */
  #wayOf(frames: readonly Buffer[]): Way {
    if (this.#waiting.size > 0) return this.#way;
    const bytes = frames.reduce((sum, { length }) => sum + length, 0);
    return bytes <= mostLineBytes && this.#line !== undefined ? this.#line : this.#socket;
  }

  /** Reads only while somebody waits: a socket that is read keeps Node.js alive. */
  async #receive(): Promise<void> {
    if (this.#receiving) return;
    this.#receiving = true;
    try {
      while (this.#waiting.size > 0 && this.#way === this.#socket) {
        this.#take(await this.#socket.receive());
      }
    } catch (cause) {
      if (this.#closed === undefined) this.close(broken(cause));
    } finally {
      this.#receiving = false;
    }
  }

  #take(frames: Buffer[]): void {
    let message: WireMessage;
    try {
      message = decodeMessage(frames);
    } catch (cause) {
      // Whose answer this was nobody knows.
      const error = cause instanceof Error ? cause : new Error(String(cause));
      this.failAll(error);
      return;
    }
    if (message.type === 'progress') {
      this.#waiting.get(message.id)?.progress(message.body);
      return;
    }
    // Answers to what was given up come late and are dropped.
    const waiting = this.#settle(message.id);
    if (message.type === 'error') waiting?.reject(errorFromBody(message.body, this.#stderrTail()));
    else waiting?.resolve(message);
  }

  #settle(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return undefined;
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) this.#line?.keepAlive(false);
    waiting.release();
    return waiting;
  }

  #expire(id: number, type: string, deadline: number): void {
    const error = this.#overdue(type, 'an answer', deadline);
    this.#settle(id)?.reject(error);
    this.#onTimeout(error);
  }

  /** The caller wanted the end and gets it; the worker, which did not break off, is no longer of use. */
  #expireCancelled(id: number, type: string, grace: number): void {
    this.#settle(id)?.reject(cancelled());
    this.#onTimeout(this.#overdue(type, 'it to break off', grace));
  }

  #overdue(type: string, what: string, within: number): WorkerError {
    const text = `worker process, ${type}: expected ${what} within ${within} ms, received none`;
    const stderrTail = this.#stderrTail();
    return new WorkerError('E_TIMEOUT', text, { retryable: true, stderrTail, state: 'broken' });
  }

  #sendCancel(target: number, way: Way): void {
    const id = (this.#lastId += 1);
    const frames = encodeMessage({ id, type: 'cancel', body: { target }, tensors: none });
    way.send(frames).catch((cause: unknown) => {
      if (this.#closed === undefined) this.close(unsent('cancel', cause));
    });
  }
}

function broken(cause: unknown): WorkerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new WorkerError('E_PROTOCOL', `the way to the worker process broke: ${reason}`, { cause });
}

function unsent(type: string, cause: unknown): WorkerError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const text = `worker process, ${type}: expected to send it, received '${reason}'`;
  return new WorkerError('E_PROTOCOL', text, { cause });
}

/** Calls `expire` after so many milliseconds in which this process ran; returns what stops that. */
function watch(milliseconds: number, expire: () => void): () => void {
  const due = performance.now() + milliseconds;
  let stop: () => void;
  const timer = setTimeout(() => {
    // While this process was stopped, or busy, an answer may have come that it has not looked at.
    if (performance.now() - due > lateness) stop = watch(milliseconds, expire);
    else expire();
  }, milliseconds);
  stop = () => clearTimeout(timer);
  return () => stop();
}

export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled();
}

function cancelled(): SpiqError {
  return new SpiqError('E_CANCELLED', 'the call was cancelled');
}
