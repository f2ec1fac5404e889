import type { NodeKind, PoolMode, PoolNode, Reset } from '../graph.js';
import { Fields } from './fields.js';
import type { DescribedNode, TensorReference } from './graph-description.js';

const resets: readonly Reset[] = ['subtraction', 'zero', 'value'];
const poolModes: readonly PoolMode[] = ['average', 'sum', 'max'];
const maximaOfSpikes: readonly NonNullable<PoolNode['spikes']>[] = ['gated', 'average'];

export function parseNode(value: unknown, what: string): DescribedNode {
  const fields = new Fields(value, what);
  const kind = fields.oneOf('kind', Object.keys(parsers) as (keyof typeof parsers)[]);
  const node = parsers[kind](fields, fields.string('name'));
  fields.done();
  return node;
}

const parsers = {
  input: (fields, name) => ({
    kind: 'input',
    name,
    shape: fields.shape('shape'),
    ...optionalReference(fields, 'factor'),
    ...optionalReference(fields, 'offset'),
  }),
  dense: (fields, name) => ({ kind: 'dense', name, ...weights(fields) }),
  conv: (fields, name) => ({ kind: 'conv', name, ...weights(fields), ...sliding(fields) }),
  conv_transpose: (fields, name) => ({
    kind: 'conv_transpose',
    name,
    ...weights(fields),
    ...sliding(fields),
    ...optional(fields, 'outputPadding', 'counts'),
  }),
  pool: (fields, name) => ({
    kind: 'pool',
    name,
    mode: fields.oneOf('mode', poolModes),
    ...optional(fields, 'kernel', 'shape'),
    ...optional(fields, 'stride', 'shape'),
    ...optional(fields, 'dilation', 'shape'),
    ...optional(fields, 'padding', 'counts'),
    ...optional(fields, 'countPadding', 'boolean'),
    ...(fields.has('spikes') && { spikes: fields.oneOf('spikes', maximaOfSpikes) }),
  }),
  batch_norm: (fields, name) => ({
    kind: 'batch_norm',
    name,
    scale: reference(fields, 'scale'),
    shift: reference(fields, 'shift'),
    mean: reference(fields, 'mean'),
    variance: reference(fields, 'variance'),
    ...optional(fields, 'epsilon', 'number'),
  }),
  scale: (fields, name) => ({
    kind: 'scale',
    name,
    factor: reference(fields, 'factor'),
    ...optionalReference(fields, 'offset'),
  }),
  relu: (fields, name) => ({
    kind: 'relu',
    name,
    ...optional(fields, 'slope', 'number'),
    ...optionalReference(fields, 'slopes'),
    ...optional(fields, 'cap', 'number'),
  }),
  flatten: (_fields, name) => ({ kind: 'flatten', name }),
  reshape: (fields, name) => ({ kind: 'reshape', name, shape: fields.shape('shape') }),
  transpose: (fields, name) => ({ kind: 'transpose', name, axes: fields.counts('axes') }),
  select: (fields, name) => ({
    kind: 'select',
    name,
    ...optional(fields, 'axis', 'count'),
    indices: fields.counts('indices'),
  }),
  pad: (fields, name) => ({ kind: 'pad', name, padding: fields.counts('padding') }),
  concat: (fields, name) => ({ kind: 'concat', name, ...optional(fields, 'axis', 'count') }),
  upsample: (fields, name) => ({ kind: 'upsample', name, scale: fields.shape('scale') }),
  add: (_fields, name) => ({ kind: 'add', name }),
  neuron: (fields, name) => ({
    kind: 'neuron',
    name,
    ...optional(fields, 'threshold', 'number'),
    ...optionalReference(fields, 'thresholds'),
    ...optional(fields, 'initial', 'number'),
    ...optionalReference(fields, 'initials'),
    ...optional(fields, 'alpha', 'number'),
    ...optional(fields, 'beta', 'number'),
    ...optional(fields, 'resetValue', 'number'),
    ...(fields.has('reset') && { reset: fields.oneOf('reset', resets) }),
    ...optional(fields, 'refractory', 'count'),
    ...optional(fields, 'ternary', 'boolean'),
    ...optional(fields, 'negative', 'number'),
    ...optionalReference(fields, 'negatives'),
    ...optional(fields, 'burst', 'count'),
  }),
  accumulator: (fields, name) => ({
    kind: 'accumulator',
    name,
    ...optional(fields, 'alpha', 'number'),
    ...optional(fields, 'beta', 'number'),
    ...optionalReference(fields, 'initials'),
  }),
} satisfies { [Kind in NodeKind]: Parser<Kind> };

type Parser<Kind extends NodeKind> = (
  fields: Fields,
  name: string,
) => Extract<DescribedNode, { readonly kind: Kind }>;

type Reader = 'number' | 'count' | 'boolean' | 'shape' | 'counts';

/** The field under its name if it is there, read by the method of that name. */
function optional<Name extends string, Read extends Reader>(
  fields: Fields,
  name: Name,
  read: Read,
) {
  const values = fields.has(name) ? [[name, fields[read](name)]] : [];
  return Object.fromEntries(values) as Readonly<Partial<Record<Name, ReturnType<Fields[Read]>>>>;
}

function weights(fields: Fields) {
  return {
    weight: reference(fields, 'weight'),
    ...optionalReference(fields, 'bias'),
  };
}

function optionalReference<Name extends string>(fields: Fields, name: Name) {
  const values = fields.has(name) ? [[name, reference(fields, name)]] : [];
  return Object.fromEntries(values) as Readonly<Partial<Record<Name, TensorReference>>>;
}

function sliding(fields: Fields) {
  return {
    ...optional(fields, 'stride', 'shape'),
    ...optional(fields, 'dilation', 'shape'),
    ...optional(fields, 'padding', 'counts'),
    ...optional(fields, 'groups', 'count'),
  };
}

function reference(parent: Fields, name: string): TensorReference {
  const fields = new Fields(parent.raw(name), `${parent.what}: ${name}`);
  const read = { key: fields.string('key'), shape: fields.shape('shape') };
  fields.done();
  return read;
}
