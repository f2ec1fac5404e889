import type { Tensor } from '../../../ts/graph.js';
import { floats, group, integers, text } from '../../../ts/formats/nir/hdf5/index.js';
import type { Hdf5Group, Hdf5Value } from '../../../ts/formats/nir/hdf5/index.js';

/** Numbers of one NIR node: a list becomes an array, a number an array of no dimensions. */
export type Fields = Readonly<Record<string, number | readonly number[] | Tensor | string>>;

export function node(type: string, fields: Fields = {}): Hdf5Group {
  const members = Object.entries(fields).map(([name, value]) => [name, valueOf(value)] as const);
  return group({ type: text(type), ...Object.fromEntries(members) });
}

function valueOf(value: Fields[string]): Hdf5Value {
  if (typeof value === 'string') return text(value);
  if (typeof value === 'number') {
    return Number.isInteger(value) ? integers([value], []) : floats([], Float32Array.of(value));
  }
  if ('data' in value) return floats(value.shape, value.data);
  return value.every(Number.isInteger)
    ? integers(value, [value.length])
    : floats([value.length], Float32Array.from(value));
}

type Edges = readonly (readonly [string, string])[];

export function nirGraph(
  nodes: Readonly<Record<string, Hdf5Group>>,
  edges: Edges,
  metadata?: Hdf5Group,
): Hdf5Group {
  return group({
    type: text('NIRGraph'),
    nodes: group(nodes),
    edges: { kind: 'text', shape: [edges.length, 2], data: edges.flat() },
    metadata,
  });
}

/** A whole file; the nodes form a chain unless edges are given. */
export function nirFile(
  nodes: Readonly<Record<string, Hdf5Group>>,
  edges?: Edges,
  metadata?: Hdf5Group,
): Hdf5Group {
  const names = Object.keys(nodes);
  const chained = names.slice(1).map((name, index) => [names[index]!, name] as const);
  return group({ version: text('1.0.8'), node: nirGraph(nodes, edges ?? chained, metadata) });
}

/** Input and output around what is given. */
export function between(
  shape: readonly number[],
  nodes: Readonly<Record<string, Hdf5Group>>,
): Record<string, Hdf5Group> {
  return { input: node('Input', { shape }), ...nodes, output: node('Output', { shape: [1] }) };
}
