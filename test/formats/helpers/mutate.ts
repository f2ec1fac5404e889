/** Marsaglia's xorshift32; returns whole numbers below `limit`. */
export function seededNumbers(seed: number): (limit: number) => number {
  let state = (seed * 0x9e3779b1) >>> 0 || 1;
  return (limit) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % limit;
  };
}

type Next = (limit: number) => number;
type Mutation = (bytes: Buffer, next: Next) => Buffer;

/** Values that lengths, offsets and counts are turned into: none, one, the edges of signed and unsigned. */
const extremes = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffff] as const;

const mutations: Record<string, Mutation> = {
  flip: (bytes, next) => {
    for (let count = 1 + next(4); count > 0; count -= 1) {
      const at = next(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << next(8));
    }
    return bytes;
  },
  truncate: (bytes, next) => bytes.subarray(0, next(bytes.length)),
  insert: (bytes, next) => {
    const at = next(bytes.length);
    const extra = Buffer.from(Array.from({ length: 1 + next(20) }, () => next(256)));
    return Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]);
  },
  remove: (bytes, next) => {
    const at = next(bytes.length);
    return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + next(20))]);
  },
  zero: (bytes, next) => {
    const at = next(bytes.length);
    bytes.subarray(at, at + 1 + next(40)).fill(0);
    return bytes;
  },
  extreme: (bytes, next) => {
    const value = extremes[next(extremes.length)] ?? 0;
    bytes.writeUInt32LE(value, next(bytes.length - 3));
    return bytes;
  },
  hugeVarint: (bytes, next) => {
    const at = next(bytes.length);
    bytes.subarray(at, at + 1 + next(9)).fill(0xff);
    return bytes;
  },
};

export interface Mutated {
  readonly bytes: Uint8Array;
  readonly story: string;
}

/** One to three mutations of a copy. */
export function mutate(file: Uint8Array, next: Next): Mutated {
  const names = Object.keys(mutations);
  const applied: string[] = [];
  let bytes = Buffer.from(file);
  for (let count = 1 + next(3); count > 0 && bytes.length > 8; count -= 1) {
    const name = names[next(names.length)] ?? 'flip';
    applied.push(name);
    bytes = Buffer.from(mutations[name]?.(bytes, next) ?? bytes);
  }
  return { bytes, story: applied.join(', ') };
}
