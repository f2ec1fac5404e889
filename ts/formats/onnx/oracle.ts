import { SpiqError, show } from '../../errors.js';
import type { Graph } from '../../graph.js';
import { inputOf, shapesOf } from '../graph-structure.js';
import { elementsOf } from '../sizes.js';
import { compareOutputs } from './compare.js';
import type { OutputDeviation } from './compare.js';
import { runReference } from './reference.js';
import type { LoadRuntime } from './reference.js';
import { sampleRows } from './samples.js';

/**
 * Computes a float graph for `count` observations laid end to end in `rows`. Returns, for each observation,
 * the values of `graph.outputs` one after another.
 */
export type Forward = (
  graph: Graph,
  rows: Float32Array,
  count: number,
) => Float32Array | Promise<Float32Array>;

export interface OracleOptions {
  /** Sample observations (default 64). */
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

export interface OracleCheck {
  readonly status: 'verified' | 'unverified';
  /** Why nothing could be compared. */
  readonly reason?: string;
  readonly rows: number;
  readonly tolerance: number;
  readonly largestDeviation: number;
  readonly perOutput: readonly OutputDeviation[];
}

/** 256 MiB of sample observations. */
const mostSampleElements = 2 ** 26;

/** Runs the model in onnxruntime and the graph through `forward`; a real difference is E_MISMATCH. */
export async function checkAgainstOnnxRuntime(
  model: string | Uint8Array,
  graph: Graph,
  forward: Forward,
  options: OracleOptions = {},
): Promise<OracleCheck> {
  const { rows: wanted = 64, seed = 1, tolerance = 1e-4, batch } = options;
  const what = typeof model === 'string' ? model : 'ONNX model';
  const shapes = shapesOf(graph, what);
  const { shape } = inputOf(graph, what);
  const width = elementsOf(shape);
  const affordable = Math.min(wanted, Math.floor(mostSampleElements / width));
  const rows = batch === undefined ? affordable : Math.floor(affordable / batch) * batch || batch;
  if (affordable < 1 || rows * width > mostSampleElements) {
    return unverified(`one observation of ${width} numbers is too large to sample`, tolerance);
  }
  const samples = sampleRows(rows, width, seed);
  const request = { model, samples, rows, shape, batch: batch ?? rows };
  const reference = await runReference(request, options.loadRuntime);
  if ('reason' in reference) return unverified(reference.reason, tolerance);

  const widths = graph.outputs.map((name) => elementsOf(shapes.get(name) ?? []));
  const computed = await forward(graph, samples, rows);
  const perOutput = compareOutputs(computed, reference.outputs, widths, { rows, tolerance, what });
  const largestDeviation = Math.max(...perOutput.map((output) => output.largestDeviation));
  const worst = perOutput.find((output) => !output.within);
  if (worst !== undefined) {
    throw new SpiqError(
      'E_MISMATCH',
      `${what}: output ${show(worst.name)}: expected what onnxruntime computes within ` +
        `${tolerance} + ${tolerance}·max|output|, received a deviation of ${worst.largestDeviation}`,
    );
  }
  return { status: 'verified', rows, tolerance, largestDeviation, perOutput };
}

function unverified(reason: string, tolerance: number): OracleCheck {
  return { status: 'unverified', reason, rows: 0, tolerance, largestDeviation: 0, perOutput: [] };
}
