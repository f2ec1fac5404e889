import { SpiqError, mismatch, phrase, show } from '../errors.js';
import type { Graph, GraphNode, Tensor } from '../graph.js';
import { layouts, transpose } from './layout.js';
import type { Layout } from './layout.js';
import { toFloat32 } from './npz/index.js';
import type { Npz } from './npz/index.js';

export interface BareOptions {
  /** What the rows and columns of `w0 w1 …` mean; only an array `layout` in the file could say it. */
  readonly layout?: Layout;
}

export interface BareNetwork {
  readonly graph: Graph;
  readonly notes: readonly string[];
}

/** Keys of a layer's arrays; `name` is that of the node it becomes. */
interface LayerKeys {
  readonly name: string;
  readonly weight: string;
  readonly bias: string;
}

export interface Layer extends Omit<LayerKeys, 'weight' | 'bias'> {
  readonly keys: LayerKeys;
  readonly weight: Tensor;
  readonly bias: Tensor | undefined;
}

/** `w0 [b0] w1 [b1] …` as a float network with a ReLU between layers; other arrays are ignored. */
export function decodeBareWeights(npz: Npz, options: BareOptions): BareNetwork {
  const keys = weightKeys(npz);
  const layout = requireLayout(npz, options.layout ?? recordedLayout(npz));
  const notes: string[] = [];
  const layers = keys.map((key, index) =>
    readWeights(npz, { name: `dense${index}`, weight: key, bias: `b${index}` }, notes),
  );
  return { graph: denseChain(npz, layers, layout), notes };
}

/** Layers one behind the other, with a ReLU between them. */
export function denseChain(npz: Npz, layers: readonly Layer[], layout: Layout): Graph {
  checkChain(npz, layers, layout);
  return buildGraph(layers, layout);
}

/** What scripts/pt_to_npz.py says beside the weights. */
function recordedLayout(npz: Npz): Layout | undefined {
  if (!npz.has('layout')) return undefined;
  const { data } = npz.get('layout');
  const text = data instanceof Uint8Array ? new TextDecoder().decode(data) : '';
  const layout = layouts.find((candidate) => candidate === text);
  if (layout !== undefined) return layout;
  throw mismatch('E_FORMAT', `${npz.what}: layout`, layouts.join(' or '), text);
}

function weightKeys(npz: Npz): string[] {
  const numbered = npz.keys.filter((key) => /^[wb](0|[1-9]\d*)$/.test(key));
  const weights: string[] = [];
  while (npz.has(`w${weights.length}`)) weights.push(`w${weights.length}`);
  const expected = 'arrays w0 w1 … without a gap, and b0 b1 … beside them';
  const orphan = numbered.find((key) => Number(key.slice(1)) >= weights.length);
  if (weights.length === 0 || orphan !== undefined) {
    throw mismatch('E_FORMAT', npz.what, expected, orphan ?? npz.keys);
  }
  return weights;
}

function requireLayout(npz: Npz, layout: Layout | undefined): Layout {
  if (layout !== undefined && layouts.includes(layout)) return layout;
  throw mismatch(
    'E_ARGUMENT',
    `${npz.what}: --layout`,
    "'out-in' (rows are outputs, as PyTorch stores them) or 'in-out' (rows are inputs), since a file of bare " +
      'weights does not say which it holds',
    layout ?? phrase('none'),
  );
}

/** The arrays of a linear layer; that of the bias may be absent. */
export function readWeights(npz: Npz, keys: LayerKeys, notes: string[]): Layer {
  const { name } = keys;
  const weight = readTensor(npz, keys.weight, notes);
  if (weight.shape.length !== 2 || weight.shape.includes(0)) {
    const label = `${npz.what}: array '${keys.weight}'`;
    throw mismatch('E_SHAPE', label, 'two dimensions', weight.shape);
  }
  if (!npz.has(keys.bias)) return { name, keys, weight, bias: undefined };
  const read = readTensor(npz, keys.bias, notes);
  const isRow = read.shape.length === 2 && read.shape[0] === 1;
  const bias = isRow ? { shape: read.shape.slice(1), data: read.data } : read;
  return { name, keys, weight, bias };
}

function readTensor(npz: Npz, key: string, notes: string[]): Tensor {
  const array = npz.get(key);
  if (array.dtype !== 'f4' && array.dtype !== 'f8') {
    throw mismatch(
      'E_UNSUPPORTED',
      `${npz.what}: array '${key}'`,
      'dtype f2, f4 or f8',
      array.dtype,
    );
  }
  const { data, exact } = toFloat32(array);
  if (!exact) notes.push(`array '${key}' was rounded from ${array.dtype} to float32`);
  const index = data.findIndex((value) => !Number.isFinite(value));
  if (index >= 0) {
    const expected = `finite float32 numbers, at element ${index}`;
    throw mismatch('E_NOT_FINITE', `${npz.what}: array '${key}'`, expected, array.data[index]);
  }
  return { shape: array.shape, data };
}

function checkChain(npz: Npz, layers: readonly Layer[], layout: Layout): void {
  const fault = chainFault(layers, layout);
  if (fault === undefined) return;
  const other: Layout = layout === 'out-in' ? 'in-out' : 'out-in';
  const hint =
    chainFault(layers, other) === undefined
      ? `; read as '${other}' the layers fit: ${widths(layers, other).join(' → ')}`
      : `; they do not fit as '${other}' either`;
  throw new SpiqError('E_SHAPE', `${npz.what}: ${fault}${hint}`);
}

function chainFault(layers: readonly Layer[], layout: Layout): string | undefined {
  let width: number | undefined;
  for (const { keys, weight, bias } of layers) {
    const [outputs, inputs] = outIn(weight, layout);
    const read = `array '${keys.weight}' ${show(weight.shape)} read as '${layout}'`;
    if (width !== undefined && inputs !== width) {
      return `${read}: expected ${width} inputs, received ${inputs}`;
    }
    if (bias !== undefined && (bias.shape.length !== 1 || bias.shape[0] !== outputs)) {
      return `array '${keys.bias}' beside ${read}: expected [${outputs}], received ${show(bias.shape)}`;
    }
    width = outputs;
  }
  return undefined;
}

function outIn(weight: Tensor, layout: Layout): readonly [number, number] {
  const [first = 0, second = 0] = weight.shape;
  return layout === 'out-in' ? [first, second] : [second, first];
}

function widths(layers: readonly Layer[], layout: Layout): number[] {
  return layers.flatMap(({ weight }, index) => {
    const [outputs, inputs] = outIn(weight, layout);
    return index === 0 ? [inputs, outputs] : [outputs];
  });
}

function buildGraph(layers: readonly Layer[], layout: Layout): Graph {
  const chain: GraphNode[] = [
    { kind: 'input', name: 'input', shape: widths(layers, layout).slice(0, 1) },
  ];
  layers.forEach(({ name, weight, bias }, index) => {
    if (index > 0) chain.push({ kind: 'relu', name: `relu${index - 1}` });
    const oriented = layout === 'out-in' ? weight : transpose(weight);
    const dense = { kind: 'dense', name, weight: oriented } as const;
    chain.push(bias === undefined ? dense : { ...dense, bias });
  });
  const names = chain.map(({ name }) => name);
  const edges = names.slice(1).map((name, index) => [names[index] ?? '', name] as const);
  return { nodes: chain, edges, outputs: names.slice(-1) };
}
