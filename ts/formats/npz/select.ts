import { SpiqError } from '../../errors.js';
import { listKeys } from './npz.js';
import type { Npz } from './npz.js';
import type { NpyArray } from './npy.js';

/** Tried in this order when a file holds several arrays and no key was given. */
const usualKeys = ['arr_0', 'obs'] as const;

/** The array meant by `FILE.npz[:key]`. */
export function selectArray(npz: Npz, key?: string): NpyArray {
  return npz.get(selectKey(npz.keys, npz.what, key));
}

/** Its name, among those that a file has. */
export function selectKey(keys: readonly string[], what: string, key?: string): string {
  if (key !== undefined) {
    if (keys.includes(key)) return key;
    throw wrongKey(keys, what, `an array '${key}'`);
  }
  const [only, ...others] = keys;
  if (only !== undefined && others.length === 0) return only;
  const usual = usualKeys.find((name) => keys.includes(name));
  if (usual !== undefined) return usual;
  const expected = `one array, an array named ${usualKeys.join(' or ')}, or FILE:key to choose`;
  throw wrongKey(keys, what, expected);
}

function wrongKey(keys: readonly string[], what: string, expected: string): SpiqError {
  return new SpiqError('E_ARGUMENT', `${what}: expected ${expected}, received ${listKeys(keys)}`);
}
