import { SpiqError, mismatch, show } from '../../errors.js';
import type { Graph } from '../../graph.js';
import { inputOf, shapesOf } from '../graph-structure.js';
import { graphForOutput } from '../prune.js';
import { elementsOf } from '../sizes.js';
import { multiplications } from '../work.js';
import { compareValues } from './compare.js';
import type { OutputDeviation } from './compare.js';
import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';
import { runReference } from './reference.js';
import type { LoadRuntime, ReferenceOutput } from './reference.js';
import { samplesOfType } from './samples.js';
import { applyTail } from './tail.js';
import type { TailStep } from './values.js';

/**
 * Computes a float graph for `count` observations laid end to end in `rows`. Returns, for each observation,
 * the values of the graph's one output.
 */
export type Forward = (
  graph: Graph,
  rows: Float32Array,
  count: number,
) => Float32Array | Promise<Float32Array>;

export interface OracleOptions {
  /** Most sample observations (default 64); fewer of a network that takes long. */
  readonly rows?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Allowed deviation: tolerance + tolerance · largest |output| (default 1e-4). */
  readonly tolerance?: number;
  /** The batch size, for a model that fixes one. */
  readonly batch?: number;
  /** Where onnxruntime comes from; replaced in tests. */
  readonly loadRuntime?: LoadRuntime;
}

/** What is compared: a node of the graph, and the ONNX value that it stands for. */
export interface ComparedValue {
  /** Of the ONNX value; left out, that of the model's output in the same place. */
  readonly name?: string;
  readonly node: string;
  readonly tail?: readonly TailStep[];
}

export interface OracleSubject {
  /** Outputs of the model, in this order. */
  readonly values: readonly ComparedValue[];
  readonly inputType?: number;
}

export interface OracleCheck {
  readonly status: 'verified' | 'unverified';
  /** Why nothing, or no layer, could be compared. */
  readonly reason?: string;
  /** Where onnxruntime ran something other than the file itself: what that was. */
  readonly copy?: string;
  readonly rows: number;
  readonly tolerance: number;
  readonly largestDeviation: number;
  readonly perOutput: readonly OutputDeviation[];
  /** Every value inside the network that still has a node, if asked for; in the order of the file. */
  readonly perLayer?: readonly LayerDeviation[];
}

export interface LayerDeviation extends OutputDeviation {
  /** The graph's node. */
  readonly node: string;
}

/** 256 MiB of sample observations. */
const mostSampleElements = 2 ** 26;

/** About two seconds of onnxruntime on one thread, and less than that of spiq. */
const mostMultiplications = 2 ** 33;

/** Runs the model in onnxruntime and the graph through `forward`; a real difference is E_MISMATCH. */
export async function checkAgainstOnnxRuntime(
  model: string | Uint8Array,
  graph: Graph,
  forward: Forward,
  options: OracleOptions = {},
  subject: OracleSubject = { values: graph.outputs.map((node) => ({ node })) },
): Promise<OracleCheck> {
  const { tolerance = 1e-4 } = options;
  const what = typeof model === 'string' ? model : 'ONNX model';
  const compared = await compareWithOnnxRuntime(model, graph, forward, options, subject);
  if ('reason' in compared) return unverified(compared.reason, tolerance);
  const { rows, deviations: perOutput } = compared;
  const worst = perOutput.find((output) => !output.within);
  if (worst !== undefined) {
    throw new SpiqError(
      'E_MISMATCH',
      `${what}: output ${show(worst.name)}: expected what onnxruntime computes within ` +
        `${tolerance} + ${tolerance}·max|output|, received a deviation of ${worst.largestDeviation}`,
    );
  }
  const largestDeviation = Math.max(...perOutput.map((output) => output.largestDeviation));
  return { status: 'verified', rows, tolerance, largestDeviation, perOutput };
}

/** The deviations without a judgement, or why onnxruntime could not run the model. */
export async function compareWithOnnxRuntime(
  model: string | Uint8Array,
  graph: Graph,
  forward: Forward,
  options: OracleOptions,
  { values, inputType = DataType.FLOAT }: OracleSubject,
): Promise<{ reason: string } | { rows: number; deviations: LayerDeviation[] }> {
  const { seed = 1, tolerance = 1e-4, batch } = options;
  const what = typeof model === 'string' ? model : 'ONNX model';
  const { shape } = inputOf(graph, what);
  const width = elementsOf(shape);
  const rows = affordableRows(graph, width, options, what);
  if (rows === 0) return { reason: `one observation of ${width} numbers is too large to sample` };
  const samples = samplesOfType(inputType, rows, width, seed);
  const names = values.flatMap(({ name }) => (name === undefined ? [] : [name]));
  const reference = await runReference(
    {
      model,
      samples,
      rows,
      shape,
      inputType,
      batch: batch ?? rows,
      ...(names.length > 0 && { outputs: names }),
    },
    options.loadRuntime,
  );
  if ('reason' in reference) return reference;
  const shapes = shapesOf(graph, what);
  const widths = values.map(({ node }) => elementsOf(shapes.get(node) ?? []));
  expectWidths(reference.outputs, values, widths, rows, what);
  const deviations: LayerDeviation[] = [];
  const computed = new Map<string, Float32Array>();
  for (const [index, { node, tail = [] }] of values.entries()) {
    const own = computed.get(node) ?? (await forward(graphForOutput(graph, node), samples, rows));
    // Several names of one value are computed once.
    computed.set(node, own);
    if (own.length !== rows * widths[index]!) {
      const expected = `${rows} rows of ${widths[index]!} numbers`;
      throw mismatch('E_INTERNAL', `${what}: forward pass`, expected, own.length);
    }
    const { name, data } = reference.outputs[index]!;
    const result = applyTail(own, shapes.get(node)!, tail);
    deviations.push({ name, node, ...compareValues(result, data, { rows, tolerance }) });
  }
  return { rows, deviations };
}

/** Whole batches that memory and time allow; none where not even one observation is. */
function affordableRows(
  graph: Graph,
  width: number,
  { rows: wanted = 64, batch = 1 }: OracleOptions,
  what: string,
): number {
  const byTime = Math.max(1, Math.floor(mostMultiplications / multiplications(graph, what)));
  const byMemory = Math.floor(mostSampleElements / width);
  const most = Math.min(wanted, byTime, byMemory);
  const rows = Math.floor(most / batch) * batch || batch;
  return rows <= byMemory ? rows : 0;
}

/** A choice has one number in the place of several. */
function expectWidths(
  outputs: readonly ReferenceOutput[],
  values: readonly ComparedValue[],
  widths: readonly number[],
  rows: number,
  what: string,
): void {
  const sizes = outputs.map(({ data }) => data.length / rows);
  const fits =
    sizes.length === widths.length &&
    sizes.every((size, index) => {
      const chooses = values[index]!.tail?.some(({ operator }) => operator === 'ArgMax') ?? false;
      return chooses ? Number.isInteger(widths[index]! / size) : size === widths[index];
    });
  if (fits) return;
  const expected = `outputs of ${show(sizes)} numbers as onnxruntime gives`;
  throw mismatch('E_MISMATCH', what, expected, widths);
}

export function unverified(reason: string, tolerance = 1e-4): OracleCheck {
  return { status: 'unverified', reason, rows: 0, tolerance, largestDeviation: 0, perOutput: [] };
}
