import type { Graph } from '../../graph.js';
import { readFileBytes } from '../files.js';
import { decodeModel } from './model.js';
import { checkAgainstOnnxRuntime } from './oracle.js';
import type { Forward, OracleCheck, OracleOptions } from './oracle.js';
import { restoreGraph } from './restore.js';
import { translateGraph } from './translate.js';
import type { Translation } from './translate.js';

export interface ImportOptions extends Omit<OracleOptions, 'batch'> {
  /** Computes the imported graph in float32, for the comparison with onnxruntime. */
  readonly forward: Forward;
}

export interface ParsedOnnx {
  /** The float network, or the spiking one that spiq had exported. */
  readonly graph: Graph;
  /** What the ONNX operators themselves compute; the comparison uses this. */
  readonly floatGraph: Graph;
  readonly inputName: string;
  /** In the order of `graph.outputs`. */
  readonly outputNames: readonly string[];
  readonly notes: readonly string[];
  /** The batch size, where the file fixes one. */
  readonly batch?: number;
}

export interface ImportedOnnx extends ParsedOnnx {
  readonly check: OracleCheck;
}

/** Reads without comparing; `what` names the file in messages. */
export function parseOnnx(bytes: Uint8Array, what: string): ParsedOnnx {
  const { model, graph: proto } = decodeModel(bytes, what);
  const { graph: floatGraph, input, outputNames, notes } = translateGraph(proto, what);
  const restored = restoreGraph(model, floatGraph, what);
  return {
    graph: restored ?? floatGraph,
    floatGraph,
    inputName: input.name,
    outputNames,
    notes: [...notes, ...batchNote(input.batch)],
    ...(input.batch !== undefined && { batch: input.batch }),
  };
}

function batchNote(batch: Translation['input']['batch']): string[] {
  if (batch === undefined) return [];
  return [`the file fixes the batch size at ${batch}; spiq takes any`];
}

export async function importOnnx(path: string, options: ImportOptions): Promise<ImportedOnnx> {
  return withCheck(parseOnnx(readFileBytes(path), path), path, options);
}

export async function importOnnxBytes(
  bytes: Uint8Array,
  options: ImportOptions,
  what = 'ONNX model',
): Promise<ImportedOnnx> {
  return withCheck(parseOnnx(bytes, what), bytes, options);
}

async function withCheck(
  parsed: ParsedOnnx,
  model: string | Uint8Array,
  { forward, ...options }: ImportOptions,
): Promise<ImportedOnnx> {
  const { batch, floatGraph } = parsed;
  const settings = { ...options, ...(batch !== undefined && { batch }) };
  return { ...parsed, check: await checkAgainstOnnxRuntime(model, floatGraph, forward, settings) };
}
