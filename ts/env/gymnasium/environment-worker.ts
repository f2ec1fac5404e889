import { mismatch, phrase } from '../../errors.js';
import { WorkerError } from '../../wire/errors.js';
import { WorkerProcess } from '../../wire/worker.js';
import { EnvironmentCalls, resultsPerCopy } from './calls.js';
import { Copies, type Use } from './copies.js';
import { readDescription, type EnvironmentDescription } from './description.js';
import { FrameFile } from './frame-file.js';
import { FrameSlots } from './frame-slots.js';
import { checkOptions, type CheckedOptions, type GymnasiumOptions } from './options.js';

/** Milliseconds: loading a game takes 0.1 s, some environments compile for a minute. */
const makeDeadline = 120_000;

/** One number for each copy, where the last call that named the copy left it. */
export interface CopyResults {
  readonly rewards: Float64Array;
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  /** −1 where there are none. */
  readonly lives: Int32Array;
}

/**
 * Copies of an environment in a worker process, whose frames come through a file that both have open. A worker that
 * ends or hangs in a call is started again, and every copy played to where it was, before the call is repeated.
 */
export class EnvironmentWorker {
  readonly count: number;
  readonly description: EnvironmentDescription;
  readonly results: CopyResults;
  readonly #worker: WorkerProcess;
  readonly #options: CheckedOptions;
  readonly #calls: EnvironmentCalls;
  readonly #file: FrameFile;
  readonly #slots: FrameSlots;
  readonly #copies: Copies;
  #closed = false;

  private constructor(
    worker: WorkerProcess,
    options: CheckedOptions,
    file: FrameFile,
    description: EnvironmentDescription,
    count: number,
  ) {
    this.#worker = worker;
    this.#options = options;
    this.#calls = new EnvironmentCalls(worker, description.name, options.deadlineMs);
    this.#file = file;
    this.description = description;
    this.count = count;
    this.#slots = new FrameSlots(file, description, count);
    this.#copies = new Copies(count, this.#slots);
    this.results = {
      rewards: new Float64Array(count),
      terminated: new Uint8Array(count),
      truncated: new Uint8Array(count),
      lives: new Int32Array(count).fill(-1),
    };
  }

  static async open(options: GymnasiumOptions, count = 1): Promise<EnvironmentWorker> {
    if (!Number.isSafeInteger(count) || count < 1) {
      throw mismatch('E_RANGE', 'count', 'a whole number of at least 1', count);
    }
    const checked = checkOptions(options);
    const file = new FrameFile();
    let opened: EnvironmentWorker | undefined;
    let worker: WorkerProcess | undefined;
    try {
      const onRestart = async (_: WorkerProcess, reason: WorkerError): Promise<void> =>
        opened?.recover(reason);
      const process = { backend: 'env', region: file, ...checked.start, onRestart } as const;
      worker = await WorkerProcess.start(process);
      const description = await make(worker, checked, count, checked.start.signal);
      file.allocate(description.bytes);
      opened = new EnvironmentWorker(worker, checked, file, description, count);
      return opened;
    } catch (error) {
      await worker?.close();
      file.close();
      throw error;
    }
  }

  /** Of Python and the packages that play. */
  get versions(): Readonly<Record<string, string>> {
    return this.#worker.versions;
  }

  get pid(): number {
    return this.#worker.pid;
  }

  /** How often the worker was started again. */
  get restarts(): number {
    return this.#worker.restarts;
  }

  /** The file of the frames: it stays the same, and as long, however often the worker is started again. */
  get region(): { readonly fd: number; readonly bytes: number } {
    return { fd: this.fd, bytes: this.#file.bytes };
  }

  get fd(): number {
    return this.#file.fd;
  }

  /** Copy k has the bytes from k·slotBytes on; its newest observation comes first. */
  get slotBytes(): number {
    return this.description.slotBytes;
  }

  /** Where in a slot the emulator's frame before the newest begins, if there is one. */
  get previousAt(): number | undefined {
    return this.#slots.previousAt;
  }

  /** Starts an episode in these copies, from a seed (null: the generator goes on), and plays no-op steps. */
  async resetAhead(
    copies: readonly number[],
    seeds: readonly (number | null)[],
    noops: readonly number[] = copies.map(() => 0),
  ): Promise<CopyResults> {
    const isSeed = (seed: unknown): boolean => seed === null || isWhole(seed);
    checkList('seeds', seeds, copies.length, 'a whole number or null', isSeed);
    checkList('no-op steps', noops, copies.length, 'a whole number', isWhole);
    const use = (k: number): Use => (seeds[k] === null ? 'reset' : 'seeded reset');
    const lives = await this.#ask(copies, use, async () => this.#calls.reset(copies, seeds, noops));
    const { results } = this;
    copies.forEach((copy, k) => {
      const beginning = { seed: seeds[k]!, noops: noops[k]!, lives: lives[k]! };
      this.#copies.episodes[copy]!.begin(beginning, this.#options.independent);
      results.rewards[copy] = 0;
      results.terminated[copy] = 0;
      results.truncated[copy] = 0;
      results.lives[copy] = lives[k]!;
    });
    return results;
  }

  /** Steps these copies; actions go from 0 whatever the environment calls them. */
  async stepAhead(copies: readonly number[], actions: ArrayLike<number>): Promise<CopyResults> {
    const { count } = this.description.action;
    const isAction = (action: unknown): boolean => isWhole(action) && action < count;
    const expected = `a whole number from 0 to ${count - 1}`;
    checkList('actions', actions, copies.length, expected, isAction);
    // The call may be repeated when the caller has gone on with its array.
    const taken = Int32Array.from(actions);
    const call = async (): Promise<readonly number[]> => this.#calls.step(copies, taken);
    const came = await this.#ask(copies, () => 'step', call);
    const { results } = this;
    copies.forEach((copy, k) => {
      const at = resultsPerCopy * k;
      const [reward, flags, lives] = [came[at]!, came[at + 1]!, came[at + 2]!];
      this.#copies.episodes[copy]!.step(taken[k]!, { reward, flags, lives });
      results.rewards[copy] = reward;
      results.terminated[copy] = flags & 1;
      results.truncated[copy] = (flags >> 1) & 1;
      results.lives[copy] = lives;
    });
    return results;
  }

  /** The newest observation of a copy, as the bytes the environment gave. */
  readNewest(copy: number, into: Uint8Array): void {
    this.#slots.readNewest(copy, into);
  }

  /** The emulator's frame before it. */
  readPrevious(copy: number, into: Uint8Array): void {
    this.#slots.readPrevious(copy, into);
  }

  readPicture(copy: number, into: Uint8Array): void {
    this.#slots.readPicture(copy, into);
  }

  /** The newest observation of a copy as a row of numbers. */
  readRow(copy: number, into: Float32Array): void {
    this.#slots.readRow(copy, into);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker.close();
    this.#file.close();
  }

  async #ask<T>(
    copies: readonly number[],
    use: (k: number) => Use,
    call: () => Promise<T>,
  ): Promise<T> {
    if (this.#closed) {
      throw mismatch('E_STATE', 'environments', 'open ones', phrase('closed ones'));
    }
    this.#copies.take(copies, use);
    try {
      return await this.#worker.insist(async () => {
        this.#copies.checkThere(copies, use);
        return call();
      });
    } catch (error) {
      if (error instanceof WorkerError && error.state === 'broken') this.#copies.lose(copies);
      throw error;
    } finally {
      this.#copies.giveBack(copies);
    }
  }

  private async recover(reason: WorkerError): Promise<void> {
    this.#options.onRestart?.(reason);
    const described = await make(this.#worker, this.#options, this.count);
    if (JSON.stringify(described) !== JSON.stringify(this.description)) {
      const expected = 'what they were, since an environment has to be deterministic';
      throw mismatch('E_STATE', 'environments made again', expected, phrase('others'));
    }
    await this.#copies.bringBack(this.#calls);
  }
}

async function make(
  worker: WorkerProcess,
  { env }: CheckedOptions,
  count: number,
  signal?: AbortSignal,
): Promise<EnvironmentDescription> {
  const within = { deadlineMs: makeDeadline, ...(signal === undefined ? {} : { signal }) };
  return readDescription(
    await worker.request('env.make', { env, count }, undefined, within),
    count,
  );
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function checkList(
  what: string,
  list: ArrayLike<unknown>,
  count: number,
  expected: string,
  fits: (value: unknown) => boolean,
): void {
  if (list.length !== count) {
    throw mismatch('E_SHAPE', what, `one for each of ${count} copies`, phrase(`${list.length}`));
  }
  const at = Array.from(list).findIndex((value) => !fits(value));
  if (at >= 0) throw mismatch('E_RANGE', `${what}, element ${at}`, expected, list[at]);
}
