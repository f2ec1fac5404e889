import type { Group } from 'h5wasm/node';
import type { Hdf5Group, Hdf5Numbers, Hdf5Value } from './tree.js';

const dtypes = { f4: '<f', f8: '<d', i8: '<q' } as const;
/** Below this, compression costs more than it saves. */
const leastCompressed = 64;

export function writeTree(target: Group, tree: Hdf5Group): void {
  for (const [name, value] of tree.members) writeMember(target, name, value);
}

function writeMember(target: Group, name: string, value: Hdf5Value): void {
  switch (value.kind) {
    case 'group':
      writeTree(target.create_group(name), value);
      return;
    case 'text': {
      const data = value.shape.length === 0 ? value.data[0]! : [...value.data];
      target.create_dataset({ name, data, shape: [...value.shape], dtype: 'S' });
      return;
    }
    case 'numbers':
      writeNumbers(target, name, value);
      return;
    case 'other':
      throw new Error(`${name}: ${value.type} cannot be written`);
  }
}

function writeNumbers(target: Group, name: string, { shape, type, data }: Hdf5Numbers): void {
  const stored = type === 'i8' ? BigInt64Array.from(data as Iterable<number>, BigInt) : data;
  const compressed = shape.length > 0 && data.length >= leastCompressed;
  target.create_dataset({
    name,
    data: stored,
    shape: [...shape],
    dtype: dtypes[type],
    ...(compressed ? { chunks: [...shape], compression: 'gzip', compression_opts: 4 } : {}),
  });
}
