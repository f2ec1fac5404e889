import { mismatch, phrase, show } from '../errors.js';
import type { Graph, Tensor } from '../graph.js';
import { denseChain, readWeights } from './bare-weights.js';
import type { BareNetwork, Layer } from './bare-weights.js';
import type { EncodedFile } from './encoded-file.js';
import { orderedSteps } from './graph-structure.js';
import { isWeighted } from './node-tensors.js';
import { listKeys, writeNpz } from './npz/index.js';
import type { NpyArray, Npz } from './npz/index.js';

const weightKey = /^(.+)\.weight$/;
/** What scripts/pt_to_npz.py says of the file; no module of PyTorch has it. */
const layoutKey = 'layout';

export function isStateDict(npz: Npz): boolean {
  return npz.keys.some((key) => weightKey.test(key));
}

/**
 * A PyTorch state dictionary: `NAME.weight` [out, in] and `NAME.bias` of linear layers in the order of the file, which
 * is that of the modules, with a ReLU between them. It says nothing of what else a module does, so anything but linear
 * layers is refused.
 */
export function decodeStateDict(npz: Npz): BareNetwork {
  const notes: string[] = [];
  const layers = npz.keys.flatMap((key): Layer[] => {
    const name = weightKey.exec(key)?.[1];
    if (name === undefined) {
      checkBias(npz, key);
      return [];
    }
    return [readLayer(npz, name, notes)];
  });
  return { graph: denseChain(npz, layers, 'out-in'), notes };
}

function checkBias(npz: Npz, key: string): void {
  const name = /^(.+)\.bias$/.exec(key)?.[1];
  if (key === layoutKey || (name !== undefined && npz.has(`${name}.weight`))) return;
  const expected = 'weights and biases of linear layers only (export the network as ONNX instead)';
  throw mismatch('E_UNSUPPORTED', `${npz.what}: state dictionary`, expected, key);
}

function readLayer(npz: Npz, name: string, notes: string[]): Layer {
  const key = `${name}.weight`;
  const { shape } = npz.get(key);
  if (shape.length !== 2) {
    const kinds = ['a normalisation', 'a convolution', 'a convolution'];
    const expected =
      'linear layers [out, in] only, since a state dictionary says nothing of strides and the like (export the ' +
      'network as ONNX instead)';
    const received = `${kinds[[1, 3, 4].indexOf(shape.length)] ?? 'an array'} of ${show(shape)}`;
    throw mismatch('E_UNSUPPORTED', `${npz.what}: array ${show(key)}`, expected, phrase(received));
  }
  return readWeights(npz, { name, weight: key, bias: `${name}.bias` }, notes);
}

export interface StateDictOptions {
  /** Names of the modules that hold the weights, in order (left out: those of the nodes). */
  readonly keys?: readonly string[];
}

/** For `load_state_dict({key: torch.tensor(array) for key, array in np.load(file).items()})`. */
export function encodeStateDict(graph: Graph, options: StateDictOptions = {}): EncodedFile {
  const what = 'state dictionary to write';
  const holders = orderedSteps(graph, what).flatMap(({ node }) =>
    isWeighted(node) || node.kind === 'batch_norm' ? [node] : [],
  );
  const keys = options.keys ?? holders.map(({ name }) => name);
  if (keys.length !== holders.length || new Set(keys).size !== keys.length) {
    const expected = `${holders.length} different names, for ${holders.map(({ name }) => name).join(', ')}`;
    throw mismatch('E_ARGUMENT', 'keys', expected, keys);
  }
  const entries = new Map<string, NpyArray>();
  const put = (key: string, tensor: Tensor | undefined) => {
    if (tensor !== undefined) entries.set(key, { ...tensor, dtype: 'f4' });
  };
  holders.forEach((node, index) => {
    const name = keys[index]!;
    if (node.kind === 'batch_norm') {
      put(`${name}.weight`, node.scale);
      put(`${name}.bias`, node.shift);
      put(`${name}.running_mean`, node.mean);
      put(`${name}.running_var`, node.variance);
    } else {
      put(`${name}.weight`, node.weight);
      put(`${name}.bias`, node.bias);
    }
  });
  const kinds = new Set(graph.nodes.map(({ kind }) => kind));
  const lost = [...kinds].filter((kind) => !carried.has(kind));
  const notes =
    lost.length === 0 ? [] : [`a state dictionary holds weights only, not ${listKeys(lost)}`];
  return { bytes: writeNpz(entries), notes };
}

/** Kinds of which a module that the user writes says the rest. */
const carried: ReadonlySet<string> = new Set([
  ...['input', 'dense', 'conv', 'conv_transpose', 'batch_norm', 'relu', 'flatten'],
]);
