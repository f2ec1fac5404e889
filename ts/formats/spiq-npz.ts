import { mismatch, phrase } from '../errors.js';
import type { Graph, Tensor } from '../graph.js';
import { describeGraph, graphFromDescription, keyTensors } from './graph-description.js';
import type { DescribedNode, TensorReference } from './graph-description.js';
import { shapesOf } from './graph-structure.js';
import { narrowHalf } from './half.js';
import { layouts, transpose } from './layout.js';
import type { Layout } from './layout.js';
import type { TensorRole } from './node-tensors.js';
import { writeNpz } from './npz/index.js';
import type { NpyArray, Npz, WrittenArray } from './npz/index.js';
import { parseDescription } from './parse-description.js';

export interface EncodeOptions {
  /** How the weights of dense nodes are stored: [out, in] as in PyTorch (the default) or [in, out]. */
  readonly layout?: Layout;
  /** `float16` halves the file: arrays of some size are rounded, and read as float32 again (default `float32`). */
  readonly weights?: WeightPrecision;
}

export const weightPrecisions = ['float32', 'float16'] as const;
export type WeightPrecision = (typeof weightPrecisions)[number];

/** Smaller arrays, such as biases and factors, gain nothing by rounding. */
const fewestRounded = 1024;

/** spiq's own network file: arrays any numpy user can read, and beside them the graph's description. */
export function encodeNetwork(graph: Graph, options: EncodeOptions = {}): Uint8Array {
  const what = 'network to write';
  const { layout = 'out-in', weights = 'float32' } = options;
  if (!weightPrecisions.includes(weights)) {
    throw mismatch('E_ARGUMENT', 'weights', weightPrecisions.join(' or '), weights);
  }
  if (!layouts.includes(layout)) {
    throw mismatch('E_ARGUMENT', 'layout', layouts.join(' or '), layout);
  }
  shapesOf(graph, what);
  const entries = new Map<string, WrittenArray>();
  const matrices = new Set(graph.nodes.map((node) => node.kind === 'dense' && node.weight));
  for (const { key, tensor } of [...keyTensors(graph, what).values()].flat()) {
    const stored = layout === 'in-out' && matrices.has(tensor) ? transpose(tensor) : tensor;
    const rounded = weights === 'float16' && stored.data.length >= fewestRounded;
    entries.set(
      key,
      rounded
        ? { shape: stored.shape, dtype: 'f2', data: narrowHalf(stored.data, `array '${key}'`) }
        : { ...stored, dtype: 'f4' },
    );
  }
  if (graph.conversion !== undefined) {
    const data = Float32Array.from(graph.conversion.scale);
    entries.set('scale', { shape: [data.length], dtype: 'f4', data });
  }
  entries.set('layout', encodeText(layout));
  entries.set('graph', encodeText(describeGraph(graph, what)));
  return writeNpz(entries);
}

export function isSpiqNpz(npz: Npz): boolean {
  return npz.has('graph') && npz.has('layout');
}

export function decodeNetwork(npz: Npz): Graph {
  const description = parseDescription(decodeText(npz, 'graph'), `${npz.what}: graph`);
  const written = decodeText(npz, 'layout');
  const layout = layouts.find((candidate) => candidate === written);
  if (layout === undefined) {
    throw mismatch('E_FORMAT', `${npz.what}: layout`, layouts.join(' or '), written);
  }
  const graph = graphFromDescription(description, lookup, npz.what);
  shapesOf(graph, npz.what);
  checkScale(npz, graph);
  return graph;

  function lookup({ key }: TensorReference, role: TensorRole, node: DescribedNode): Tensor {
    const { dtype, shape, data } = npz.get(key);
    if (!(data instanceof Float32Array)) {
      throw mismatch('E_FORMAT', `${npz.what}: array '${key}'`, 'dtype f4', dtype);
    }
    const isMatrix = role === 'weight' && node.kind === 'dense' && shape.length === 2;
    return isMatrix && layout === 'in-out' ? transpose({ shape, data }) : { shape, data };
  }
}

/** The array is there for numpy users; the description holds the same scales in full precision. */
function checkScale(npz: Npz, graph: Graph): void {
  if (graph.conversion === undefined) return;
  const { data } = npz.get('scale');
  const expected = Float32Array.from(graph.conversion.scale);
  const same = data.length === expected.length && expected.every((s, i) => Object.is(s, data[i]));
  if (!same) {
    throw mismatch('E_FORMAT', `${npz.what}: scale`, `[${expected.join(', ')}] as in graph`, [
      ...data,
    ]);
  }
}

function encodeText(text: string): NpyArray {
  const data = new TextEncoder().encode(text);
  return { shape: [data.length], dtype: 'u1', data };
}

function decodeText(npz: Npz, key: string): string {
  const { dtype, data } = npz.get(key);
  const what = `${npz.what}: array '${key}'`;
  if (!(data instanceof Uint8Array))
    throw mismatch('E_FORMAT', what, 'UTF-8 bytes of dtype u1', dtype);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(data);
  } catch {
    throw mismatch('E_FORMAT', what, 'UTF-8 text', phrase('other bytes'));
  }
}
