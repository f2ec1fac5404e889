import { SpiqError, mismatch, show } from '../errors.js';
import type { Conversion, Reset } from '../graph.js';
import { Fields } from './fields.js';
import { descriptionFormat, descriptionVersion } from './graph-description.js';
import type { DescribedNode, Description, TensorReference } from './graph-description.js';

const resets: readonly Reset[] = ['subtraction', 'zero', 'value'];

/** Every field is checked: unknown ones are refused, since ignoring one could change what a network computes. */
export function parseDescription(text: string, what: string): Description {
  const fields = new Fields(parseJson(text, what), what);
  if (fields.raw('format') !== descriptionFormat) {
    throw mismatch('E_FORMAT', `${what}: format`, `'${descriptionFormat}'`, fields.raw('format'));
  }
  checkVersion(fields.count('version'), what);
  const description = {
    nodes: fields.list('nodes').map((node, index) => parseNode(node, `${what}: node ${index}`)),
    edges: fields.list('edges').map((edge) => parseEdge(edge, what)),
    outputs: fields.strings('outputs'),
    ...(fields.has('epsilon') && { epsilon: fields.number('epsilon') }),
    ...(fields.has('conversion') && {
      conversion: parseConversion(fields.raw('conversion'), `${what}: conversion`),
    }),
  };
  fields.done();
  return description;
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new SpiqError('E_FORMAT', `${what}: expected JSON, received ${show(text)}`, { cause });
  }
}

function checkVersion(version: number, what: string): void {
  if (version > descriptionVersion) {
    const expected = `at most ${descriptionVersion}; a newer spiq wrote this file`;
    throw mismatch('E_VERSION', `${what}: version`, expected, version);
  }
  if (version < 1) throw mismatch('E_FORMAT', `${what}: version`, 'at least 1', version);
}

function parseNode(value: unknown, what: string): DescribedNode {
  const fields = new Fields(value, what);
  const kind = fields.oneOf('kind', Object.keys(parsers) as (keyof typeof parsers)[]);
  const node = parsers[kind](fields, fields.string('name'));
  fields.done();
  return node;
}

const parsers = {
  input: (fields, name) => ({ kind: 'input', name, shape: fields.shape('shape') }),
  dense: (fields, name) => ({
    kind: 'dense',
    name,
    weight: parseReference(fields.raw('weight'), `${fields.what}: weight`),
    ...(fields.has('bias') && { bias: parseReference(fields.raw('bias'), `${fields.what}: bias`) }),
  }),
  relu: (_fields, name) => ({ kind: 'relu', name }),
  flatten: (_fields, name) => ({ kind: 'flatten', name }),
  neuron: (fields, name) => ({
    kind: 'neuron',
    name,
    ...optionalNumbers(fields, ['threshold', 'alpha', 'beta', 'resetValue'] as const),
    ...(fields.has('reset') && { reset: fields.oneOf('reset', resets) }),
    ...(fields.has('refractory') && { refractory: fields.count('refractory') }),
    ...(fields.has('ternary') && { ternary: fields.boolean('ternary') }),
    ...(fields.has('burst') && { burst: fields.count('burst') }),
  }),
  accumulator: (fields, name) => ({
    kind: 'accumulator',
    name,
    ...optionalNumbers(fields, ['alpha', 'beta'] as const),
  }),
} satisfies Record<string, (fields: Fields, name: string) => DescribedNode>;

function optionalNumbers<Name extends string>(fields: Fields, names: readonly Name[]) {
  const present = names.filter((name) => fields.has(name));
  const pairs = present.map((name) => [name, fields.number(name)] as const);
  return Object.fromEntries(pairs) as Partial<Record<Name, number>>;
}

function parseReference(value: unknown, what: string): TensorReference {
  const fields = new Fields(value, what);
  const reference = { key: fields.string('key'), shape: fields.shape('shape') };
  fields.done();
  return reference;
}

function parseEdge(value: unknown, what: string): readonly [string, string] {
  if (Array.isArray(value) && value.length === 2) {
    const [from, to] = value as unknown[];
    if (typeof from === 'string' && typeof to === 'string') return [from, to];
  }
  throw mismatch('E_FORMAT', `${what}: edge`, '[from, to]', value);
}

function parseConversion(value: unknown, what: string): Conversion {
  const fields = new Fields(value, what);
  const conversion = {
    method: fields.string('method'),
    scale: fields.numbers('scale'),
    ...(fields.has('percentile') && { percentile: fields.number('percentile') }),
    ...(fields.has('calibrationRows') && { calibrationRows: fields.count('calibrationRows') }),
  };
  fields.done();
  return conversion;
}
