import { mismatch, show } from '../../errors.js';
import { TensorProto_DataType } from './gen/onnx_pb.js';
import type { GraphProto, TypeProto_Tensor, ValueInfoProto } from './gen/onnx_pb.js';

/** More elements than this in one observation are taken for damage. */
const mostElements = 2 ** 31 - 1;

export interface InputPort {
  readonly name: string;
  /** Without the batch dimension. */
  readonly shape: readonly number[];
  /** The batch size, where the file fixes one. */
  readonly batch?: number;
}

/** The one graph input that is not an initialiser (before IR 4, initialisers had to be listed as inputs too). */
export function readInput(graph: GraphProto, what: string): InputPort {
  const initialisers = new Set(graph.initializer.map(({ name }) => name));
  const free = graph.input.filter(({ name }) => !initialisers.has(name));
  const [input] = free;
  if (input === undefined || free.length > 1) {
    const names = free.map(({ name }) => name);
    throw mismatch('E_UNSUPPORTED', `${what}: inputs`, 'exactly one', names);
  }
  const label = `${what}: input ${show(input.name)}`;
  const tensor = tensorType(input);
  if (tensor?.elemType !== TensorProto_DataType.FLOAT) {
    const received = TensorProto_DataType[tensor?.elemType ?? 0] ?? 'an unknown type';
    const expected = 'a float32 tensor; export the network without the cast in front';
    throw mismatch('E_UNSUPPORTED', label, expected, received);
  }
  const sizes = declaredSizes(tensor);
  if (sizes === undefined || sizes.length < 2) {
    const expected = 'a declared shape [batch, …] of at least two dimensions';
    throw mismatch('E_UNSUPPORTED', label, expected, sizes ?? 'none');
  }
  const shape = sizes.slice(1).map((size) => {
    if (size !== undefined && size > 0) return size;
    const expected =
      'fixed sizes in every dimension but the first; export it with those sizes given';
    throw mismatch('E_UNSUPPORTED', label, expected, showSizes(sizes));
  });
  const elements = shape.reduce((product, size) => product * size, 1);
  if (elements > mostElements)
    throw mismatch('E_SHAPE', label, `at most ${mostElements} elements`, shape);
  const [batch] = sizes;
  return { name: input.name, shape, ...(batch !== undefined && batch > 0 && { batch }) };
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

function tensorType(value: ValueInfoProto): TypeProto_Tensor | undefined {
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
