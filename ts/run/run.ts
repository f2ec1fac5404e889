import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { checkNames } from '../check.js';
import { SpiqError, mismatch, phrase } from '../errors.js';
import { AppendedFile } from '../formats/appended.js';
import { writeFileAtomically } from '../formats/atomic.js';
import { fileError } from '../formats/files.js';
import type { Network } from '../network.js';
import { Checkpoints } from './checkpoints.js';
import type { Checkpoint, CheckpointContent, CheckpointInfo, KeepPolicy } from './checkpoints.js';
import { wallSeconds } from './clock.js';
import type { Clock } from './clock.js';
import { episodeColumns } from './columns.js';
import type { EpisodeRow, PhaseRow } from './columns.js';
import {
  checkConfig,
  configFile,
  metricColumns,
  readConfig,
  thisMachine,
  writeConfig,
} from './config.js';
import type { RunConfig } from './config.js';
import { joinLine } from './csv.js';
import type { JsonObject } from './json.js';
import { RunLock, lockFile } from './lock.js';
import { checkHeader, episodeFields, phaseFields } from './rows.js';

export interface CreateRunOptions {
  readonly name: string;
  readonly seed: number;
  readonly parameters: JsonObject;
  /** Columns of the user's own, behind the others in metrics.csv. */
  readonly columns?: readonly string[];
  readonly keep?: KeepPolicy;
  /** Only for tests; wall time otherwise. */
  readonly clock?: Clock;
}

export type OpenRunOptions = Pick<CreateRunOptions, 'keep' | 'clock'>;

export const files = {
  metrics: 'metrics.csv',
  episodes: 'episodes.csv',
  checkpoints: 'checkpoints',
  networks: 'networks',
} as const;

/**
 * A run's folder, written by one process at a time.
 *
 * ```ts
 * const run = Run.create('runs/cart-pole-1', { name: 'cart-pole', seed: 1, parameters: {} });
 * run.recordEpisode({ episode: 1, steps: 20, return: 20, totalSteps: 20 });
 * run.close();
 * ```
 */
export class Run {
  readonly folder: string;
  readonly config: RunConfig;
  readonly #lock: RunLock;
  readonly #metrics: AppendedFile;
  readonly #episodes: AppendedFile;
  readonly #checkpoints: Checkpoints;
  readonly #clock: Clock;
  #begin: number;
  #secondsBefore = 0;
  /** An opened run takes rows only once it is known where it goes on. */
  #ready: boolean;

  private constructor(
    folder: string,
    config: RunConfig,
    lock: RunLock,
    { keep, clock = wallSeconds }: OpenRunOptions,
    ready: boolean,
  ) {
    this.folder = folder;
    this.config = config;
    this.#lock = lock;
    this.#clock = clock;
    this.#begin = clock();
    this.#ready = ready;
    this.#checkpoints = new Checkpoints(path.join(folder, files.checkpoints), keep);
    this.#checkpoints.removeLeftovers();
    this.#metrics = new AppendedFile(path.join(folder, files.metrics));
    this.#episodes = new AppendedFile(path.join(folder, files.episodes));
    checkHeader(path.join(folder, files.metrics), metricColumns(config));
    checkHeader(path.join(folder, files.episodes), episodeColumns);
  }

  /** Whether the folder holds a run. */
  static exists(folder: string): boolean {
    return existsSync(path.join(folder, configFile));
  }

  /** Starts a run in a new or an empty folder. */
  static create(folder: string, options: CreateRunOptions): Run {
    const names = ['name', 'seed', 'parameters', 'columns', 'keep', 'clock'];
    checkNames(options, names, 'run option');
    const { name, seed, parameters, columns = [], ...rest } = options;
    checkConfig({ name, seed, parameters, columns });
    const config = { name, seed, parameters, columns, machine: thisMachine() };
    makeFolders(folder);
    return locked(folder, (lock) => {
      const header = (names: readonly string[]): Uint8Array =>
        new TextEncoder().encode(`${joinLine(names)}\n`);
      writeFileAtomically(path.join(folder, files.metrics), header(metricColumns(config)));
      writeFileAtomically(path.join(folder, files.episodes), header(episodeColumns));
      // Last, since it makes the folder a run.
      writeConfig(folder, config);
      return new Run(folder, config, lock, rest, true);
    });
  }

  /** Opens a run to go on with it; `resume` says where, and comes before any row. */
  static open(folder: string, options: OpenRunOptions = {}): Run {
    checkNames(options, ['keep', 'clock'], 'run option');
    if (!Run.exists(folder)) {
      throw mismatch('E_FILE', `run '${folder}'`, `a ${configFile}`, phrase('a folder without it'));
    }
    const config = readConfig(folder);
    return locked(folder, (lock) => new Run(folder, config, lock, options, false));
  }

  get name(): string {
    return this.config.name;
  }

  get seed(): number {
    return this.config.seed;
  }

  get parameters(): JsonObject {
    return this.config.parameters;
  }

  /** Wall time spent on the run: up to the checkpoint that it was resumed from, and since. */
  get seconds(): number {
    return this.#secondsBefore + this.#clock() - this.#begin;
  }

  /** Rows that metrics.csv and episodes.csv have. */
  get rows(): { readonly metrics: number; readonly episodes: number } {
    return { metrics: this.#metrics.lines - 1, episodes: this.#episodes.lines - 1 };
  }

  /**
   * Goes back to a checkpoint: rows and checkpoints behind it are removed. Undefined where there is none; the run then
   * begins anew.
   */
  resume(which: 'latest' | 'best' | number = 'latest'): Checkpoint | undefined {
    const found = this.#checkpoints.find(which);
    this.#checkpoints.removeAfter(found?.number ?? -1);
    // With the line of names.
    this.#metrics.cut(1 + (found?.positions.metrics ?? 0));
    this.#episodes.cut(1 + (found?.positions.episodes ?? 0));
    this.#secondsBefore = found?.positions.seconds ?? 0;
    this.#begin = this.#clock();
    this.#ready = true;
    return found;
  }

  /** Appends a row to metrics.csv; `seed` and `total_time` are filled in. */
  recordPhase(row: PhaseRow): void {
    this.#refuseUnlessReady();
    const all = { seed: this.seed, total_time: this.seconds, ...row };
    this.#metrics.append(joinLine(phaseFields(all, metricColumns(this.config))));
  }

  /** Appends a row to episodes.csv. */
  recordEpisode(row: EpisodeRow): void {
    this.#refuseUnlessReady();
    this.#episodes.append(joinLine(episodeFields({ seconds: this.seconds, ...row })));
  }

  checkpoints(): CheckpointInfo[] {
    return this.#checkpoints.list();
  }

  /** Writes a checkpoint and removes those that the policy does not keep. Returns its folder. */
  saveCheckpoint(content: CheckpointContent): string {
    this.#refuseUnlessReady();
    // A checkpoint must not outlive rows that it counts.
    this.#metrics.flush();
    this.#episodes.flush();
    return this.#checkpoints.write(content, { ...this.rows, seconds: this.seconds });
  }

  checkpoint(which: 'latest' | 'best' | number = 'latest'): Checkpoint | undefined {
    return this.#checkpoints.find(which);
  }

  /** Saves `networks/NAME.npz` and returns its path. */
  saveNetwork(name: string, network: Network): string {
    if (!/^[\w.-]+$/.test(name)) {
      throw mismatch('E_ARGUMENT', 'name of the network', 'letters, digits, _, - and .', name);
    }
    const file = path.join(this.folder, files.networks, `${name}.npz`);
    network.save(file);
    return file;
  }

  close(): void {
    this.#metrics.close();
    this.#episodes.close();
    this.#lock.release();
  }

  #refuseUnlessReady(): void {
    if (this.#ready) return;
    throw new SpiqError(
      'E_STATE',
      `run '${this.folder}': expected a call of resume() before any row, received none`,
    );
  }
}

function locked(folder: string, make: (lock: RunLock) => Run): Run {
  const lock = RunLock.take(folder);
  try {
    return make(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** What a run that crashed while it was created may have left. */
const leftovers: readonly string[] = [lockFile, ...Object.values(files)];

function makeFolders(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    const strangers = readdirSync(folder).filter(
      (name) => !leftovers.includes(name) && !name.endsWith('.partial'),
    );
    if (strangers.length > 0) {
      throw mismatch('E_STATE', `run '${folder}'`, 'a new or an empty folder', strangers);
    }
    mkdirSync(path.join(folder, files.checkpoints), { recursive: true });
    mkdirSync(path.join(folder, files.networks), { recursive: true });
  } catch (cause) {
    throw cause instanceof SpiqError ? cause : fileError(folder, 'make the folder', cause);
  }
}
