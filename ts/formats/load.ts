import type { Graph } from '../graph.js';
import { decodeBareWeights } from './bare-weights.js';
import { readFileBytes } from './files.js';
import type { Layout } from './layout.js';
import { decodeNir, isHdf5 } from './nir/index.js';
import type { NirReadOptions } from './nir/index.js';
import { isZip, readNpz } from './npz/index.js';
import { importOnnx } from './onnx/index.js';
import type { Forward, OracleCheck, OutputTail } from './onnx/index.js';
import { decodeNetwork, isSpiqNpz } from './spiq-npz.js';
import { decodeStateDict, isStateDict } from './state-dict.js';

export interface LoadOptions {
  /** Needed for an .npz of bare weights only. */
  readonly layout?: Layout;
  /** How a NIR file is read. */
  readonly nir?: NirReadOptions;
  /** ONNX: name of the value to end at, an output of the file or any other; left out, all outputs. */
  readonly output?: string;
  /** ONNX: sizes of one observation, for a file that leaves them open. */
  readonly inputShape?: readonly number[];
  /** ONNX: compare every layer with onnxruntime, not outputs alone. */
  readonly checkLayers?: boolean;
  /** Computes a float graph, to compare an ONNX import with onnxruntime. */
  readonly forward: Forward;
}

export interface LoadedGraph {
  readonly graph: Graph;
  readonly source: 'onnx' | 'spiq-npz' | 'bare-npz' | 'state-dict-npz' | 'nir';
  readonly notes: readonly string[];
  /** For ONNX: how the import compares with onnxruntime. */
  readonly check?: OracleCheck;
  /** For ONNX: the file's names of the graph's outputs. */
  readonly outputs?: readonly string[];
  /** For ONNX: operators that follow the network, left out of it. */
  readonly tail?: readonly OutputTail[];
}

/** Reads a network of any supported format; the file's content decides which, never its name. */
export async function loadGraph(path: string, options: LoadOptions): Promise<LoadedGraph> {
  const bytes = readFileBytes(path);
  const { layout, nir, ...onnxOptions } = options;
  if (isHdf5(bytes)) {
    const { graph, notes } = await decodeNir(bytes, path, nir);
    return { graph, source: 'nir', notes: [...notes, ...ignoredOf(options)] };
  }
  if (!isZip(bytes)) {
    const {
      graph,
      notes,
      check,
      tail,
      outputNames: outputs,
    } = await importOnnx(path, onnxOptions, bytes);
    const unused = layout === undefined ? [] : ['layout was ignored: this file states its own'];
    return { graph, source: 'onnx', notes: [...notes, ...unused], check, outputs, tail };
  }
  const ignored = ignoredOf(options);
  const npz = readNpz(bytes, path);
  if (isSpiqNpz(npz)) return { graph: decodeNetwork(npz), source: 'spiq-npz', notes: ignored };
  if (isStateDict(npz)) {
    const { graph, notes } = decodeStateDict(npz);
    return { graph, source: 'state-dict-npz', notes: [...notes, ...ignored] };
  }
  const bare = decodeBareWeights(npz, options);
  const notes = [...bare.notes, ...ignored.filter((note) => !note.startsWith('layout'))];
  return { ...bare, notes, source: 'bare-npz' };
}

/** What was asked for and is not for this kind of file. */
function ignoredOf(options: LoadOptions): string[] {
  return (['layout', 'output', 'inputShape', 'checkLayers'] as const)
    .filter((name) => options[name] !== undefined)
    .map((name) =>
      name === 'layout'
        ? 'layout was ignored: this file states its own'
        : `${name} was ignored: it is for ONNX files`,
    );
}
