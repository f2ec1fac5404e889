import { existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { mismatch, phrase } from '../errors.js';
import { removeFolderAtomically, writeFolderAtomically } from '../formats/atomic.js';
import { Fields } from '../formats/fields.js';
import { fileError, readFileBytes } from '../formats/files.js';
import { parseJson } from './config.js';
import { checkJson } from './json.js';
import type { JsonObject } from './json.js';

/** What goes into a checkpoint. */
export interface CheckpointContent {
  /** Larger than those of all before; an episode, an epoch or a step. */
  readonly number: number;
  /** Small things: counters, generators, what the loop needs to go on. */
  readonly state: JsonObject;
  /** Large things, a file each: the trainer's bytes, the replay's. */
  readonly parts?: Readonly<Record<string, Uint8Array>>;
  /** What `best` is chosen by: the largest, and of equal ones the first. */
  readonly score?: number;
}

export interface CheckpointInfo {
  readonly number: number;
  readonly score: number | undefined;
  readonly folder: string;
}

export interface Checkpoint extends CheckpointInfo {
  readonly state: JsonObject;
  part(name: string): Uint8Array;
}

/** Which are kept, besides the latest and the best. */
export interface KeepPolicy {
  /** So many of the latest (default 2). */
  readonly last?: number;
  /** Every one whose number is a multiple of this. */
  readonly every?: number;
}

/** Where the rows of a run's tables stood, so that a resumed run can drop those behind. */
export interface Positions {
  readonly metrics: number;
  readonly episodes: number;
  readonly seconds: number;
}

interface About extends CheckpointInfo {
  readonly state: JsonObject;
  readonly positions: Positions;
  readonly parts: ReadonlyMap<string, { readonly bytes: number; readonly crc: number }>;
}

const format = 'spiq-checkpoint';
const version = 1;
const aboutFile = 'checkpoint.json';
const digits = 10;
const partFile = (name: string): string => `${name}.bin`;

/** Folders of checkpoints, named by their numbers. Each is written whole or not at all, and checked when it is read. */
export class Checkpoints {
  readonly #folder: string;
  readonly #keep: Required<KeepPolicy>;

  constructor(folder: string, keep: KeepPolicy = {}) {
    this.#folder = folder;
    this.#keep = { last: keep.last ?? 2, every: keep.every ?? Infinity };
  }

  /** In ascending order of their numbers. */
  list(): CheckpointInfo[] {
    return this.#numbers().map((number) => {
      const { score, folder } = this.#about(number);
      return { number, score, folder };
    });
  }

  write({ number, state, parts = {}, score }: CheckpointContent, positions: Positions): string {
    const latest = this.#numbers().at(-1) ?? -1;
    if (!Number.isSafeInteger(number) || number <= latest || number >= 10 ** digits) {
      const expected = `a whole number above ${latest}, below 10^${digits}`;
      throw mismatch('E_RANGE', 'number of the checkpoint', expected, number);
    }
    if (score !== undefined && Number.isNaN(score)) {
      throw mismatch('E_NOT_FINITE', 'score of the checkpoint', 'a number', score);
    }
    checkJson(state, 'state');
    const entries = Object.entries(parts);
    for (const [name, bytes] of entries) {
      if (!/^[\w-]+$/.test(name)) {
        throw mismatch('E_ARGUMENT', 'part of the checkpoint', 'letters, digits, _ and -', name);
      }
      if (!(bytes instanceof Uint8Array)) {
        throw mismatch('E_ARGUMENT', `part '${name}' of the checkpoint`, 'a Uint8Array', bytes);
      }
    }
    const about = {
      format,
      version,
      number,
      // JSON knows no infinities.
      ...(score !== undefined && { score: String(score) }),
      state,
      positions,
      parts: Object.fromEntries(
        entries.map(([name, bytes]) => [name, { bytes: bytes.length, crc: crc32(bytes) }]),
      ),
    };
    const files = new Map(entries.map(([name, bytes]) => [partFile(name), bytes]));
    files.set(aboutFile, new TextEncoder().encode(`${JSON.stringify(about)}\n`));
    const folder = this.#path(number);
    writeFolderAtomically(folder, files);
    this.#prune();
    return folder;
  }

  find(which: 'latest' | 'best' | number): (Checkpoint & { positions: Positions }) | undefined {
    const number = typeof which === 'number' ? which : this.#chosen(which);
    if (number === undefined) return undefined;
    if (!this.#numbers().includes(number)) {
      const expected = this.#numbers().join(', ') || 'none, since there is no checkpoint';
      throw mismatch('E_ARGUMENT', `checkpoint of ${this.#folder}`, expected, number);
    }
    const { parts, ...about } = this.#about(number);
    return {
      ...about,
      part: (name) => {
        const expected = parts.get(name);
        if (expected === undefined) {
          const known = [...parts.keys()].join(', ');
          throw mismatch('E_ARGUMENT', `part of ${about.folder}`, known, name);
        }
        const file = path.join(about.folder, partFile(name));
        const bytes = readFileBytes(file);
        if (bytes.length !== expected.bytes || crc32(bytes) !== expected.crc) {
          const sum = `${expected.bytes} bytes with checksum ${expected.crc}`;
          const received = phrase(`${bytes.length} with ${crc32(bytes)}`);
          throw mismatch('E_FORMAT', file, sum, received);
        }
        return bytes;
      },
    };
  }

  removeAfter(number: number): void {
    for (const later of this.#numbers().filter((other) => other > number)) {
      removeFolderAtomically(this.#path(later));
    }
  }

  /** What a process that was killed left behind. */
  removeLeftovers(): void {
    for (const name of this.#names().filter((entry) => entry.endsWith('.partial'))) {
      rmSync(path.join(this.#folder, name), { recursive: true });
    }
  }

  #prune(): void {
    const numbers = this.#numbers();
    const { last, every } = this.#keep;
    const kept = new Set([...numbers.slice(-Math.max(1, last)), this.#chosen('best')]);
    for (const number of numbers) {
      if (!kept.has(number) && number % every !== 0) removeFolderAtomically(this.#path(number));
    }
  }

  #chosen(which: 'latest' | 'best'): number | undefined {
    if (which === 'latest') return this.#numbers().at(-1);
    const scored = this.list().filter(({ score }) => score !== undefined);
    if (scored.length === 0) return undefined;
    return scored.reduce((best, next) => (next.score! > best.score! ? next : best)).number;
  }

  #about(number: number): About {
    const folder = this.#path(number);
    const file = path.join(folder, aboutFile);
    const fields = new Fields(parseJson(new TextDecoder().decode(readFileBytes(file)), file), file);
    fields.oneOf('format', [format]);
    const found = fields.count('version');
    if (found > version) {
      throw mismatch('E_VERSION', `${file}: version`, `at most ${version}`, found);
    }
    const recorded = fields.count('number');
    if (recorded !== number) throw mismatch('E_FORMAT', `${file}: number`, `${number}`, recorded);
    const score = fields.has('score') ? Number(fields.string('score')) : undefined;
    const positions = new Fields(fields.raw('positions'), `${file}: positions`);
    const parts = fields.raw('parts');
    const state = fields.raw('state');
    for (const [name, value] of Object.entries({ parts, state })) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw mismatch('E_FORMAT', `${file}: field '${name}'`, 'a JSON object', value);
      }
    }
    const sums = Object.entries(parts as object).map(([name, value]) => {
      const sum = new Fields(value, `${file}: part '${name}'`);
      return [name, { bytes: sum.count('bytes'), crc: sum.count('crc') }] as const;
    });
    return {
      number,
      score,
      folder,
      state: state as JsonObject,
      positions: {
        metrics: positions.count('metrics'),
        episodes: positions.count('episodes'),
        seconds: positions.number('seconds'),
      },
      parts: new Map(sums),
    };
  }

  #numbers(): number[] {
    return this.#names()
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  }

  #names(): string[] {
    if (!existsSync(this.#folder)) return [];
    try {
      return readdirSync(this.#folder);
    } catch (cause) {
      throw fileError(this.#folder, 'read', cause);
    }
  }

  #path(number: number): string {
    return path.join(this.#folder, String(number).padStart(digits, '0'));
  }
}
