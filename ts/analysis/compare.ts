import { argmaxRows } from '../agent/argmax.js';
import { checkFloatArray, checkNames, rowsOf } from '../check.js';
import { Calibration, methods } from '../convert/index.js';
import type { ConversionMethod } from '../convert/index.js';
import { SpiqError, mismatch } from '../errors.js';
import type { Network, Observations } from '../network.js';
import { Simulator } from '../simulator.js';
import { analyseWith } from './analyse.js';
import { compareOptionNames, readCompareOptions } from './compare-options.js';
import type { CompareOptions, Comparing } from './compare-options.js';
import { scoreAt } from './comparison.js';
import type { ComparedMethod, MethodComparison, SkippedMethod } from './comparison.js';
import { HeldBack } from './held-back.js';
import { ScoreSums, compareScores, suggestSteps } from './scores.js';
import type { MethodScore } from './scores.js';

export interface Compared {
  readonly comparison: MethodComparison;
  /** The network that the best method made. */
  readonly best: Network;
}

interface TestSet {
  readonly rows: Observations;
  readonly count: number;
  readonly labels: readonly number[] | undefined;
}

/** Bytes of outputs that are held at once. */
const bytesAtOnce = 2 ** 26;

/**
 * Converts a network by every method, from one look at the calibration rows, and tells how well each does at several
 * simulation times, which a single run gives, and what it costs.
 *
 * ```ts
 * const { comparison, best } = await compareMethods(network, { calibration });
 * ```
 */
export async function compareMethods(network: Network, options: CompareOptions): Promise<Compared> {
  checkNames(options, compareOptionNames, 'comparison option');
  const comparing = readCompareOptions(options);
  const { steps, times, tolerance } = comparing;
  const [calibration, test] = await calibrate(network, options, comparing);
  const float = await scoreFloat(network, test, comparing);
  const found: ComparedMethod[] = [];
  const refusals: { readonly skipped: SkippedMethod; readonly error: SpiqError }[] = [];
  let best: { readonly network: Network; readonly score: MethodScore } | undefined;
  for (const method of comparing.methods) {
    try {
      const spiking = await convertBy(method, calibration, comparing);
      const scores = await scoreSpiking(method, network, spiking, test, comparing);
      const { layers, uncompared, cost } = await analyseWith(calibration, spiking, test.rows, {
        ...comparing.job,
        steps,
        onProgress: comparing.progress({ stage: 'analysis', method }),
      });
      const suggestedSteps = suggestSteps(scores, float, tolerance);
      const one = { method, source: methods[method].source, scores, suggestedSteps };
      found.push({ ...one, cost, layers, uncompared });
      const score = scoreAt(found.at(-1)!, steps);
      if (best === undefined || compareScores(score, best.score) < 0) {
        best = { network: spiking, score };
      }
    } catch (error) {
      if (!(error instanceof SpiqError) || !isRefusal(error)) throw error;
      refusals.push({ skipped: { method, reason: error.message }, error });
    }
  }
  if (best === undefined) throw refusals[0]!.error;
  // Equal ones stay in the order of the table of methods.
  found.sort((a, b) => compareScores(scoreAt(a, steps), scoreAt(b, steps)));
  const { floatMultiplyAccumulates: multiplyAccumulates, energy } = found[0]!.cost;
  const comparison = {
    calibrationRows: calibration.rows,
    testRows: test.count,
    heldBack: options.test === undefined,
    times,
    steps,
    inputs: network.inputSize,
    outputs: network.outputSize,
    float: { accuracy: float, multiplyAccumulates, energy: energy.float },
    methods: found,
    skipped: refusals.map(({ skipped }) => skipped),
  };
  return { comparison, best: best.network };
}

/** A method that does not know the option, or that finds no scale for what it has seen. */
function isRefusal({ code }: SpiqError): boolean {
  return code === 'E_UNSUPPORTED' || code === 'E_RANGE';
}

async function calibrate(
  network: Network,
  { calibration: rows, test, labels }: CompareOptions,
  comparing: Comparing,
): Promise<[Calibration, TestSet]> {
  const { linearLayers, inputRange, job, calibrationRows, progress } = comparing;
  const calibration = new Calibration(network, {
    ...(linearLayers !== undefined && { linearLayers }),
    ...(inputRange !== undefined && { inputRange }),
    ...(job.threads !== undefined && { threads: job.threads }),
  });
  const adding = {
    rows: Infinity,
    signal: job.signal,
    onProgress: progress({ stage: 'calibration' }),
  };
  const width = network.inputSize;
  if (test !== undefined) {
    checkFloatArray(test, 'test rows');
    const count = rowsOf(test, width, 'test rows');
    await calibration.add(rows, { ...adding, rows: calibrationRows });
    return [calibration, { rows: test, count, labels: labelsOf(labels, count, undefined) }];
  }
  const heldBack = new HeldBack(width);
  await calibration.add(heldBack.others(rows, calibrationRows), adding);
  const indices = heldBack.indices();
  if (indices.length === 0) {
    const expected = 'at least 10, of which every tenth is held back, or test rows of their own';
    throw mismatch('E_SHAPE', 'calibration rows', expected, heldBack.seen);
  }
  const own = labelsOf(labels, heldBack.seen, indices);
  return [calibration, { rows: heldBack.rows(), count: indices.length, labels: own }];
}

/** Of the rows at `indices`, or of all of them. */
function labelsOf(
  labels: ArrayLike<number> | undefined,
  count: number,
  indices: readonly number[] | undefined,
): number[] | undefined {
  if (labels === undefined) return undefined;
  // Rows beyond the most that are looked at may have labels, too.
  if (indices === undefined ? labels.length !== count : labels.length < count) {
    throw mismatch('E_SHAPE', 'labels', `${count}, one for each row`, labels.length);
  }
  return indices === undefined ? Array.from(labels) : indices.map((index) => labels[index]!);
}

async function convertBy(
  method: ConversionMethod,
  calibration: Calibration,
  { conversion, steps, job, progress }: Comparing,
): Promise<Network> {
  const onProgress = progress({ stage: 'conversion', method });
  return calibration.convert({ ...conversion, method, steps, signal: job.signal, onProgress });
}

async function scoreFloat(
  network: Network,
  { rows, labels }: TestSet,
  { job }: Comparing,
): Promise<number | null> {
  if (labels === undefined) return null;
  if (network.outputSize < 2) {
    throw mismatch('E_SHAPE', 'labels', 'a network of at least 2 outputs', network.outputSize);
  }
  const best = argmaxRows(await network.forward(rows, job), labels.length);
  return best.filter((output, row) => output === labels[row]).length / labels.length;
}

async function scoreSpiking(
  method: ConversionMethod,
  network: Network,
  spiking: Network,
  { rows, count, labels }: TestSet,
  { times, job, progress }: Comparing,
): Promise<MethodScore[]> {
  const { threads, signal } = job;
  const simulator = new Simulator(spiking, {
    steps: times.at(-1)!,
    ...(threads !== undefined && { threads }),
  });
  const { inputSize: width, outputSize } = network;
  const report = progress({ stage: 'simulation', method });
  const atOnce = Math.max(1, Math.floor(bytesAtOnce / (8 * outputSize * times.length)));
  const sums = times.map((steps) => new ScoreSums(steps, outputSize, labels !== undefined));
  for (let first = 0; first < count; first += atOnce) {
    const last = Math.min(first + atOnce, count);
    const piece = rows.subarray(first * width, last * width);
    const float = await network.forward(piece, job);
    const { anytime } = await simulator.run(piece, {
      anytime: { steps: times },
      signal,
      ...(report && {
        onProgress: (done, total) => {
          report(first + (done / total) * (last - first), count);
        },
      }),
    });
    const { out, q } = anytime!;
    sums.forEach((sum, index) => {
      const [from, to] = [index * float.length, (index + 1) * float.length];
      sum.add({
        rows: last - first,
        out: out.subarray(from, to),
        q: q?.subarray(from, to),
        float,
        labels: labels?.slice(first, last),
      });
    });
  }
  simulator.close();
  return sums.map((sum) => sum.result());
}
