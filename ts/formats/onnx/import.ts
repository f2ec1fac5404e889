import { SpiqError, show } from '../../errors.js';
import type { Graph } from '../../graph.js';
import { readFileBytes } from '../files.js';
import { externalDataBeside, noExternalData } from './external-data.js';
import type { ExternalData } from './external-data.js';
import type { GraphProto, ModelProto } from './gen/onnx_pb.js';
import { decodeModel } from './model.js';
import { checkImport } from './check-import.js';
import type { Forward, OracleCheck, OracleOptions } from './oracle.js';
import { restoreGraph } from './restore.js';
import { translateGraph } from './translate.js';
import type { OutputTail, Translation, TranslationSettings } from './translate.js';

export interface ParseOptions {
  /** Name of the value to end at, an output or any other; left out, all outputs of the file. */
  readonly output?: string;
  /** Sizes of one observation, for a file that leaves them open. */
  readonly inputShape?: readonly number[];
}

export interface ImportOptions extends Omit<OracleOptions, 'batch'>, ParseOptions {
  /** Computes the imported graph in float32, for the comparison with onnxruntime. */
  readonly forward: Forward;
  /** Compares every value inside the network too, on a few observations. */
  readonly checkLayers?: boolean;
}

export interface ParsedOnnx {
  /** The float network, or the spiking one that spiq had exported. */
  readonly graph: Graph;
  /** What the ONNX operators themselves compute; the comparison uses this. */
  readonly floatGraph: Graph;
  readonly inputName: string;
  /** In the order of `graph.outputs`. */
  readonly outputNames: readonly string[];
  /** Operators behind the network that were left out: what they do is left to whoever uses its outputs. */
  readonly tail: readonly OutputTail[];
  readonly notes: readonly string[];
  /** The batch size, where the file fixes one. */
  readonly batch?: number;
}

export interface ImportedOnnx extends ParsedOnnx {
  readonly check: OracleCheck;
}

/** A model with what the check needs of it beside the graph. */
export interface ReadOnnx {
  readonly parsed: ParsedOnnx;
  readonly model: ModelProto;
  readonly translation: Translation;
  readonly external: ExternalData;
}

/** Reads without comparing; `what` names the file in messages. */
export function parseOnnx(
  bytes: Uint8Array,
  what: string,
  options: ParseOptions = {},
  external: ExternalData = noExternalData,
): ParsedOnnx {
  return readOnnx(bytes, what, options, external).parsed;
}

export function readOnnx(
  bytes: Uint8Array,
  what: string,
  { output, inputShape }: ParseOptions,
  external: ExternalData,
): ReadOnnx {
  const { model, graph: proto, opset } = decodeModel(bytes, what);
  const outputs = output === undefined ? proto.output.map(({ name }) => name) : [output];
  const settings = { opset, external, outputs, ...(inputShape && { inputShape }) };
  const translation = translated(proto, what, settings);
  const { graph: floatGraph, input, outputNames, tail, notes } = translation;
  const restored =
    output === undefined ? restoreGraph(model, floatGraph, external, what) : undefined;
  const parsed = {
    graph: restored ?? floatGraph,
    floatGraph,
    inputName: input.name,
    outputNames,
    tail,
    notes: [...notes, ...batchNote(input.batch), ...tail.map(describeTail)],
    ...(input.batch !== undefined && { batch: input.batch }),
  };
  return { parsed, model, translation, external };
}

/** Where one of several outputs cannot be imported, the message names those that can. */
function translated(proto: GraphProto, what: string, settings: TranslationSettings): Translation {
  try {
    return translateGraph(proto, what, settings);
  } catch (error) {
    if (!(error instanceof SpiqError) || settings.outputs.length < 2) throw error;
    const possible = settings.outputs.filter((name) => isPossible(proto, what, settings, name));
    if (possible.length === 0) throw error;
    const hint = `; of the file's outputs ${show(possible)} can be imported alone (option output, --net-output)`;
    throw new SpiqError(error.code, error.message + hint, { cause: error });
  }
}

function isPossible(
  proto: GraphProto,
  what: string,
  settings: TranslationSettings,
  name: string,
): boolean {
  try {
    translateGraph(proto, what, { ...settings, outputs: [name] });
    return true;
  } catch (error) {
    if (error instanceof SpiqError) return false;
    throw error;
  }
}

function batchNote(batch: Translation['input']['batch']): string[] {
  if (batch === undefined) return [];
  return [`the file fixes the batch size at ${batch}; spiq takes any`];
}

function describeTail({ operator, node, output }: OutputTail): string {
  const name = node === '' ? '' : ` ${show(node)}`;
  return `output ${show(output)}: left out ${operator}${name}, which follows the network; apply it to the results`;
}

/** `bytes` are the file's, where it has been read already. */
export async function importOnnx(
  path: string,
  options: ImportOptions,
  bytes: Uint8Array = readFileBytes(path),
): Promise<ImportedOnnx> {
  const read = readOnnx(bytes, path, options, externalDataBeside(path));
  return withCheck(read, path, options);
}

export async function importOnnxBytes(
  bytes: Uint8Array,
  options: ImportOptions,
  what = 'ONNX model',
): Promise<ImportedOnnx> {
  return withCheck(readOnnx(bytes, what, options, noExternalData), bytes, options);
}

async function withCheck(
  { parsed, ...read }: ReadOnnx,
  source: string | Uint8Array,
  { forward, ...options }: ImportOptions,
): Promise<ImportedOnnx> {
  return { ...parsed, check: await checkImport({ source, ...read }, forward, options) };
}
