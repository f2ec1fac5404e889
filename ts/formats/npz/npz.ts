import { SpiqError, mismatch } from '../../errors.js';
import { readFileBytes } from '../files.js';
import { readNpy, writeNpy } from './npy.js';
import type { NpyArray, WrittenArray } from './npy.js';
import { isNpy } from './npy-header.js';
import { readZip } from './zip-reader.js';
import { writeZip } from './zip-writer.js';

const extension = '.npy';

/**
 * Named arrays of one file. Checksums are verified on opening; an array is decoded when it is asked for, so
 * that a dtype spiq cannot read only matters if the array is needed.
 */
export class Npz {
  readonly #members: ReadonlyMap<string, Uint8Array>;
  readonly #decoded = new Map<string, NpyArray>();

  constructor(
    members: ReadonlyMap<string, Uint8Array>,
    /** How messages call this file. */
    readonly what: string,
  ) {
    this.#members = members;
  }

  get keys(): readonly string[] {
    return [...this.#members.keys()];
  }

  has(key: string): boolean {
    return this.#members.has(key);
  }

  get(key: string): NpyArray {
    const known = this.#decoded.get(key);
    if (known !== undefined) return known;
    const bytes = this.#members.get(key);
    if (bytes === undefined) {
      throw mismatch('E_FORMAT', this.what, `an array '${key}'`, listKeys(this.keys));
    }
    const array = readNpy(bytes, `${this.what}: array '${key}'`);
    this.#decoded.set(key, array);
    return array;
  }
}

export function listKeys(keys: readonly string[]): string {
  return keys.length === 0 ? 'no arrays' : keys.join(', ');
}

export function isZip(bytes: Uint8Array): boolean {
  const [first, second, third, fourth] = bytes;
  const localOrEnd = (third === 3 && fourth === 4) || (third === 5 && fourth === 6);
  return first === 0x50 && second === 0x4b && localOrEnd;
}

/** Reads an .npz, or a plain .npy as one array named `arr_0` (the name numpy gives a nameless array). */
export function readNpz(bytes: Uint8Array, what: string): Npz {
  if (isNpy(bytes)) return new Npz(new Map([['arr_0', bytes]]), what);
  const members = new Map<string, Uint8Array>();
  for (const [name, content] of readZip(bytes, what)) {
    members.set(arrayName(name, what), content);
  }
  return new Npz(members, what);
}

/** The key of the array that a member of an archive holds. */
export function arrayName(member: string, what: string): string {
  if (!member.endsWith(extension)) {
    throw mismatch('E_FORMAT', `${what}: member`, `a name ending in ${extension}`, member);
  }
  return member.slice(0, -extension.length);
}

export function readNpzFile(path: string): Npz {
  return readNpz(readFileBytes(path), path);
}

export interface WriteOptions {
  /** Deflate the members (default: store them, as `numpy.savez` does). */
  readonly compress?: boolean;
}

export type NpzEntries = Readonly<Record<string, WrittenArray>> | ReadonlyMap<string, WrittenArray>;

/** The same entries in the same order give the same bytes, on any day and machine. */
export function writeNpz(entries: NpzEntries, options: WriteOptions = {}): Uint8Array {
  const pairs = isMap(entries) ? [...entries] : Object.entries(entries);
  const members = pairs.map(([key, array]) => {
    if (key === '') throw new SpiqError('E_ARGUMENT', "npz key: expected a name, received ''");
    return { name: key + extension, bytes: writeNpy(array, `array '${key}'`) };
  });
  return writeZip(members, options.compress ?? false, 'npz');
}

/** `instanceof` alone does not narrow a ReadonlyMap. */
function isMap(entries: NpzEntries): entries is ReadonlyMap<string, WrittenArray> {
  return entries instanceof Map;
}
