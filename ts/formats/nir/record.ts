import { mismatch, phrase, show } from '../../errors.js';
import type { Tensor } from '../../graph.js';
import { elementsOf } from '../sizes.js';
import type { Hdf5Group, Hdf5Numbers, Hdf5Value } from './hdf5/index.js';

/** A node of a NIR file, read field by field. */
export class NirRecord {
  readonly type: string;
  readonly what: string;

  constructor(
    readonly fields: Hdf5Group,
    /** Unique in the file; of a nested graph with its names before it. */
    readonly name: string,
    file: string,
  ) {
    this.what = `${file}: node ${show(name)}`;
    this.type = this.text('type');
  }

  has(field: string): boolean {
    return this.fields.members.has(field);
  }

  text(field: string): string {
    const value = this.fields.members.get(field);
    if (value?.kind === 'text' && value.data.length === 1) return value.data[0]!;
    throw this.bad(field, 'one text', value);
  }

  numbers(field: string): Hdf5Numbers {
    const value = this.fields.members.get(field);
    if (value?.kind !== 'numbers') throw this.bad(field, 'numbers', value);
    const count = elementsOf(value.shape);
    if (value.data.length !== count) throw this.bad(field, `${count} numbers`, value);
    const index = value.data.findIndex((number) => !Number.isFinite(number));
    if (index < 0) return value;
    const label = `${this.what}: '${field}'`;
    throw mismatch('E_NOT_FINITE', label, `finite numbers, at element ${index}`, value.data[index]);
  }

  /** As float32, rounded where the file has more digits. */
  tensor(field: string): Tensor {
    const { shape, data } = this.numbers(field);
    const rounded = data instanceof Float32Array ? data : Float32Array.from(data);
    const index = rounded.findIndex((number) => !Number.isFinite(number));
    if (index < 0) return { shape, data: rounded };
    throw mismatch('E_NOT_FINITE', `${this.what}: '${field}'`, 'float32 numbers', data[index]);
  }

  /** Whole numbers, as many as there are. */
  integers(field: string): number[] {
    const value = this.numbers(field);
    const list = Array.from(value.data);
    if (list.every((number) => Number.isSafeInteger(number))) return list;
    throw this.bad(field, 'whole numbers', value);
  }

  integer(field: string): number {
    const list = this.integers(field);
    if (list.length === 1) return list[0]!;
    throw this.bad(field, 'one whole number', this.fields.members.get(field));
  }

  /** One size for each of `dims` dimensions, or one for all. */
  sizes(field: string, dims: number): number[] {
    const list = this.integers(field);
    if (list.length === dims) return list;
    if (list.length === 1) return Array<number>(dims).fill(list[0]!);
    throw this.bad(field, `1 or ${dims} whole numbers`, this.fields.members.get(field));
  }

  isText(field: string): boolean {
    return this.fields.members.get(field)?.kind === 'text';
  }

  refuse(expected: string, received: unknown): Error {
    return mismatch('E_UNSUPPORTED', `${this.what} of type ${show(this.type)}`, expected, received);
  }

  private bad(field: string, expected: string, value: Hdf5Value | undefined): Error {
    return mismatch('E_FORMAT', `${this.what}: '${field}'`, expected, phrase(nameOf(value)));
  }
}

function nameOf(value: Hdf5Value | undefined): string {
  if (value === undefined) return 'none';
  if (value.kind === 'group') return 'a group';
  if (value.kind === 'other') return value.type;
  const some = Array.from<string | number>(value.data.slice(0, 4)).map(show).join(', ');
  return `${some}${value.data.length > 4 ? ', …' : ''} (shape ${show(value.shape)})`;
}
