import type { Graph } from '../graph.js';
import { decodeBareWeights } from './bare-weights.js';
import { readFileBytes } from './files.js';
import type { Layout } from './layout.js';
import { decodeNir, isHdf5 } from './nir/index.js';
import type { NirReadOptions } from './nir/index.js';
import { isZip, readNpz } from './npz/index.js';
import { importOnnx } from './onnx/index.js';
import type { Forward, OracleCheck } from './onnx/index.js';
import { decodeNetwork, isSpiqNpz } from './spiq-npz.js';
import { decodeStateDict, isStateDict } from './state-dict.js';

export interface LoadOptions {
  /** Needed for an .npz of bare weights only. */
  readonly layout?: Layout;
  /** How a NIR file is read. */
  readonly nir?: NirReadOptions;
  /** Computes a float graph, to compare an ONNX import with onnxruntime. */
  readonly forward: Forward;
}

export interface LoadedGraph {
  readonly graph: Graph;
  readonly source: 'onnx' | 'spiq-npz' | 'bare-npz' | 'state-dict-npz' | 'nir';
  readonly notes: readonly string[];
  /** For ONNX: how the import compares with onnxruntime. */
  readonly check?: OracleCheck;
}

/** Reads a network of any supported format; the file's content decides which, never its name. */
export async function loadGraph(path: string, options: LoadOptions): Promise<LoadedGraph> {
  const bytes = readFileBytes(path);
  const unusedLayout =
    options.layout === undefined ? [] : ['layout was ignored: this file states its own'];
  if (isHdf5(bytes)) {
    const { graph, notes } = await decodeNir(bytes, path, options.nir);
    return { graph, source: 'nir', notes: [...notes, ...unusedLayout] };
  }
  if (!isZip(bytes)) {
    const { graph, notes, check } = await importOnnx(path, { forward: options.forward });
    return { graph, source: 'onnx', notes: [...notes, ...unusedLayout], check };
  }
  const npz = readNpz(bytes, path);
  if (isSpiqNpz(npz)) return { graph: decodeNetwork(npz), source: 'spiq-npz', notes: unusedLayout };
  if (isStateDict(npz)) {
    const { graph, notes } = decodeStateDict(npz);
    return { graph, source: 'state-dict-npz', notes: [...notes, ...unusedLayout] };
  }
  return { ...decodeBareWeights(npz, options), source: 'bare-npz' };
}
