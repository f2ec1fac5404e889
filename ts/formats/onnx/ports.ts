import { mismatch, phrase, show } from '../../errors.js';
import { nameOfType } from './constant.js';
import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';
import type { GraphProto, TypeProto_Tensor, ValueInfoProto } from './gen/onnx_pb.js';

/** More elements than this in one observation are taken for damage. */
const mostElements = 2 ** 31 - 1;

export interface InputPort {
  readonly name: string;
  readonly type: number;
  /** Without the batch dimension. */
  readonly shape: readonly number[];
  /** The batch size, where the file fixes one. */
  readonly batch?: number;
}

/** Types whose numbers an observation may have; all are computed with as float32. */
const inputTypes: ReadonlySet<number> = new Set([
  DataType.FLOAT,
  DataType.DOUBLE,
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.UINT8,
  DataType.INT8,
  DataType.UINT16,
  DataType.INT16,
  DataType.UINT32,
  DataType.INT32,
  DataType.UINT64,
  DataType.INT64,
]);

/**
 * The one graph input that is not an initialiser (before IR 4, initialisers had to be listed as inputs too) and that
 * one of the nodes reads. `given` fixes its sizes where the file leaves them open.
 */
export function readInput(
  graph: GraphProto,
  isRead: (name: string) => boolean,
  given: readonly number[] | undefined,
  what: string,
): InputPort {
  const initialisers = new Set(graph.initializer.map(({ name }) => name));
  const free = graph.input.filter(({ name }) => !initialisers.has(name));
  const read = free.length > 1 ? free.filter(({ name }) => isRead(name)) : free;
  const [input] = read;
  if (input === undefined || read.length > 1) {
    const names = free.map(({ name }) => name);
    throw mismatch('E_UNSUPPORTED', `${what}: inputs`, 'exactly one', names);
  }
  const label = `${what}: input ${show(input.name)}`;
  const tensor = tensorType(input);
  const type: number = tensor?.elemType ?? 0;
  if (tensor === undefined || !inputTypes.has(type)) {
    throw mismatch('E_UNSUPPORTED', label, 'a tensor of numbers', nameOfType(type));
  }
  const sizes = declaredSizes(tensor);
  const shape = inputShape(sizes?.slice(1), given, label);
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements > mostElements)
    throw mismatch('E_SHAPE', label, `at most ${mostElements} elements`, shape);
  const batch = sizes?.[0];
  return { name: input.name, type, shape, ...(batch !== undefined && batch > 0 && { batch }) };
}

/** The sizes beside the batch: those of the file, and those given where the file has none. */
function inputShape(
  declared: readonly (number | undefined)[] | undefined,
  given: readonly number[] | undefined,
  label: string,
): number[] {
  const sizes = declared ?? given;
  if (sizes === undefined || sizes.length < 1) {
    const expected =
      'a declared shape [batch, …] of at least two dimensions, or the option inputShape';
    throw mismatch('E_UNSUPPORTED', label, expected, declared === undefined ? 'none' : '[batch]');
  }
  if (given !== undefined && given.length !== sizes.length) {
    throw mismatch('E_SHAPE', `${label}: inputShape`, `${sizes.length} sizes`, given);
  }
  return sizes.map((size, axis) => {
    const stated = given?.[axis];
    const fixed = size !== undefined && size > 0 ? size : undefined;
    if (stated !== undefined && fixed !== undefined && stated !== fixed) {
      const expected = `sizes that agree with the file's ${showSizes(sizes)}`;
      throw mismatch('E_SHAPE', `${label}: inputShape`, expected, given);
    }
    const chosen = fixed ?? stated;
    if (chosen !== undefined) return chosen;
    const expected =
      'fixed sizes in every dimension but the batch; give them with the option inputShape (--input-shape)';
    throw mismatch('E_UNSUPPORTED', label, expected, phrase(showSizes([undefined, ...sizes])));
  });
}

/** Compares what the file says of a value with what the operators give; symbolic sizes agree with anything. */
export function checkDeclaredShape(
  declared: ValueInfoProto,
  computed: readonly number[],
  what: string,
): void {
  const sizes = declaredSizes(tensorType(declared));
  if (sizes === undefined) return;
  const agrees =
    sizes.length === computed.length + 1 &&
    sizes.slice(1).every((size, axis) => size === undefined || size === computed[axis]);
  if (!agrees) {
    const expected = `the declared shape ${showSizes(sizes)}`;
    throw mismatch('E_SHAPE', `${what}: value ${show(declared.name)}`, expected, [
      'batch',
      ...computed,
    ]);
  }
}

export function tensorType(value: ValueInfoProto): TypeProto_Tensor | undefined {
  const type = value.type?.value;
  return type?.case === 'tensorType' ? type.value : undefined;
}

/** Undefined for a symbolic or unknown size, and for a shape that is not given at all. */
function declaredSizes(tensor: TypeProto_Tensor | undefined): (number | undefined)[] | undefined {
  return tensor?.shape?.dim.map(({ value }) => {
    return value.case === 'dimValue' ? Number(value.value) : undefined;
  });
}

function showSizes(sizes: readonly (number | undefined)[]): string {
  return `[${sizes.map((size) => size ?? '?').join(', ')}]`;
}
