import type { Dataset, File, Group } from 'h5wasm/node';
import type { Hdf5Group, Hdf5Value } from './tree.js';
import type { Hdf5Answer } from './worker.js';

/** Bytes that a file may unpack to. */
const mostBytes = 2 ** 31;
/** Deeper nesting, or more members, comes from groups that contain themselves. */
const deepest = 32;
const mostMembers = 100_000;

class TooLarge extends Error {}

interface Budget {
  bytes: number;
  members: number;
}

export function readTree(file: File): Hdf5Answer {
  try {
    return { tree: readGroup(file, 0, { bytes: mostBytes, members: mostMembers }) };
  } catch (error) {
    if (error instanceof TooLarge) return { fault: 'memory', reason: error.message };
    throw error;
  }
}

function readGroup(source: Group, depth: number, budget: Budget): Hdf5Group {
  if (depth > deepest) throw new TooLarge(`groups nested deeper than ${deepest}`);
  const members = new Map<string, Hdf5Value>();
  for (const name of source.keys()) {
    budget.members -= 1;
    if (budget.members < 0) throw new TooLarge(`more than ${mostMembers} members`);
    members.set(name, readMember(source, name, depth, budget));
  }
  return { kind: 'group', members };
}

function readMember(source: Group, name: string, depth: number, budget: Budget): Hdf5Value {
  const member = source.get(name);
  if (member !== null && 'keys' in member && 'create_group' in member)
    return readGroup(member, depth + 1, budget);
  if (member !== null && 'metadata' in member) return readDataset(member as Dataset, budget);
  return { kind: 'other', type: 'a link' };
}

// Classes of the HDF5 library (H5T_class_t).
const wholeNumbers = 0;
const realNumbers = 1;
const strings = 3;

function readDataset(dataset: Dataset, budget: Budget): Hdf5Value {
  const { type, size, shape, total_size: elements } = dataset.metadata;
  budget.bytes -= elements * Math.max(size, 8);
  if (!(budget.bytes >= 0)) throw new TooLarge(`arrays of more than ${mostBytes} bytes`);
  if (shape === null) return { kind: 'other', type: 'an empty dataset' };
  if (type === strings) {
    const value: unknown = dataset.value;
    const data = (Array.isArray(value) ? value : [value]).map(String);
    return { kind: 'text', shape, data };
  }
  if (type !== wholeNumbers && type !== realNumbers) {
    return { kind: 'other', type: `data of HDF5 class ${type}` };
  }
  const value: unknown = dataset.value;
  if (value instanceof Float32Array) return { kind: 'numbers', shape, type: 'f4', data: value };
  const list = ArrayBuffer.isView(value)
    ? (value as unknown as Iterable<number | bigint>)
    : [value];
  const data = Float64Array.from(list as Iterable<number | bigint>, Number);
  return { kind: 'numbers', shape, type: type === realNumbers ? 'f8' : 'i8', data };
}
