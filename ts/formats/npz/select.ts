import { SpiqError } from '../../errors.js';
import { listKeys } from './npz.js';
import type { Npz } from './npz.js';
import type { NpyArray } from './npy.js';

/** Tried in this order when a file holds several arrays and no key was given. */
const usualKeys = ['arr_0', 'obs'] as const;

/** The array meant by `FILE.npz[:key]`. */
export function selectArray(npz: Npz, key?: string): NpyArray {
  if (key !== undefined) {
    if (npz.has(key)) return npz.get(key);
    throw wrongKey(npz, `an array '${key}'`);
  }
  const [only, ...others] = npz.keys;
  if (only !== undefined && others.length === 0) return npz.get(only);
  const usual = usualKeys.find((name) => npz.has(name));
  if (usual !== undefined) return npz.get(usual);
  throw wrongKey(npz, `one array, an array named ${usualKeys.join(' or ')}, or FILE:key to choose`);
}

function wrongKey(npz: Npz, expected: string): SpiqError {
  const received = listKeys(npz.keys);
  return new SpiqError('E_ARGUMENT', `${npz.what}: expected ${expected}, received ${received}`);
}
