import { mismatch, phrase, show } from '../../errors.js';
import type { Tensor } from '../../graph.js';
import { elementsOf } from '../sizes.js';
import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';

/** An array known at import. Single-precision numbers are in a Float32Array, all others in a Float64Array. */
export interface ConstantTensor {
  /** Of TensorProto's numbers, as it stands in the file. */
  readonly type: number;
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

/**
 * Stands for the batch size, which is unknown at import, in arithmetic on shapes. It is the largest prime below
 * 2^33: larger than any size or end of a slice, and products with sizes stay exact and can be told by division.
 */
export const batchSize = 2 ** 33 - 9;

const single: ReadonlySet<number> = new Set<number>([
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.BFLOAT16,
]);

export function isFloating(type: number): boolean {
  return single.has(type) || type === (DataType.DOUBLE as number);
}

/** Storage for `count` numbers of a type. */
export function storageFor(type: number, count: number): Float32Array | Float64Array {
  return single.has(type) ? new Float32Array(count) : new Float64Array(count);
}

export function nameOfType(type: number): string {
  const names: Readonly<Partial<Record<number, string>>> = DataType;
  return names[type] ?? `type ${type}`;
}

export function constantOf(
  type: number,
  shape: readonly number[],
  numbers: ArrayLike<number>,
): ConstantTensor {
  const data = storageFor(type, numbers.length);
  data.set(numbers);
  return { type, shape, data };
}

export function wholeNumbers(numbers: readonly number[]): ConstantTensor {
  return constantOf(DataType.INT64, [numbers.length], numbers);
}

/** Decodes once, and only if an operator asks, however many nodes share the array. */
export class Constant {
  readonly kind = 'constant';
  #decode: (() => ConstantTensor) | undefined;
  #tensor: ConstantTensor | undefined;
  #rounded: Tensor | undefined;

  /** `onRounded` hears of doubles that lose something as float32. */
  constructor(
    decode: () => ConstantTensor,
    readonly onRounded?: () => void,
  ) {
    this.#decode = decode;
  }

  get tensor(): ConstantTensor {
    this.#tensor ??= this.#decode!();
    this.#decode = undefined;
    return this.#tensor;
  }

  /** As weights: float32. */
  floats(what: string): Tensor {
    const { type, shape, data } = this.tensor;
    if (data instanceof Float32Array) return { shape, data };
    if (!isFloating(type)) {
      throw mismatch('E_UNSUPPORTED', what, 'floating-point numbers', nameOfType(type));
    }
    return (this.#rounded ??= this.#round());
  }

  /** As a list of sizes, axes or the like. */
  integers(what: string): readonly number[] {
    const { type, shape, data } = this.tensor;
    if (isFloating(type)) {
      throw mismatch('E_UNSUPPORTED', what, 'whole numbers', nameOfType(type));
    }
    if (shape.length > 1) throw mismatch('E_SHAPE', what, 'a list of numbers', shape);
    return [...data];
  }

  #round(): Tensor {
    const { shape, data } = this.tensor;
    const rounded = Float32Array.from(data);
    if (data.some((value, index) => !Object.is(value, rounded[index]))) this.onRounded?.();
    return { shape, data: rounded };
  }
}

/** Most numbers that folding may make out of the constants in a file: 1 GiB of float32. */
const mostFolded = 2 ** 28;

/** Refuses to compute an array larger than any file could sensibly mean. */
export function checkFolded(shape: readonly number[], what: string): void {
  if (elementsOf(shape) <= mostFolded && shape.every((size) => size >= 0)) return;
  const expected = `a constant of at most ${mostFolded} numbers`;
  throw mismatch('E_SHAPE', what, expected, phrase(`shape ${show(shape)}`));
}
