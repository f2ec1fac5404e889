import { Random } from '../env/random.js';
import { SpiqError } from '../errors.js';
import { inputOf } from '../formats/graph-structure.js';
import type { Network } from '../network.js';
import type { Bridge } from './bridge.js';
import { differencesBetween, type Differences } from './differences.js';
import { firingLayers } from './model.js';
import type { BridgeModelOptions } from './options.js';
import { runOwn } from './own-engine.js';
import type { BridgeResult } from './results.js';

/** How a back end's answers to a few observations compare with spiq's own simulator in double precision. */
export type SelfTest = Differences;

export const probeRows = 4;

/** Nothing, and numbers about as large as the network expects. */
export function probesFor(network: Network, observationSize: number): Float64Array {
  const { factor } = inputOf(network.graph, 'bridge');
  const unit = factor ? 1 / Math.max(...factor.data.map(Math.abs), Number.MIN_VALUE) : 1;
  const random = new Random(0);
  return Float64Array.from({ length: probeRows * observationSize }, (_, k) =>
    k < observationSize ? 0 : random.uniform(factor ? 0 : -unit, unit),
  );
}

/** Refuses a back end that calls itself exact and is not. */
export async function testItself(
  bridge: Bridge,
  network: Network,
  options: BridgeModelOptions,
  probes: Float64Array,
  exact: boolean,
  signal?: AbortSignal,
): Promise<SelfTest> {
  const expected = await runOwn(network, options, probes, 'float64', signal);
  const received = await inCopies(bridge, probes, signal);
  const layers = firingLayers(bridge.model).map(({ name }) => name);
  const test = differencesBetween(expected, received, layers);
  if (exact && test.first !== undefined) {
    const { first, neurons } = test;
    const place = `neuron ${first.unit} of '${first.layer}' for probe ${first.row}`;
    throw new SpiqError(
      'E_MISMATCH',
      `self-test of the back end: expected the spike counts of spiq (${first.expected} of ${place}), received ${first.received} there, and others for ${neurons - 1} more`,
    );
  }
  return test;
}

async function inCopies(
  bridge: Bridge,
  probes: Float64Array,
  signal?: AbortSignal,
): Promise<BridgeResult> {
  const { copies, observationSize } = bridge;
  const rows = probes.length / observationSize;
  const parts: BridgeResult[] = [];
  for (let row = 0; row < rows; row += copies) {
    const piece = probes.subarray(row * observationSize, (row + copies) * observationSize);
    parts.push(await bridge.run(piece, signal ? { signal } : {}));
  }
  return joinResults(parts);
}

/** Results of one bridge for rows that came one after the other. */
export function joinResults(parts: readonly BridgeResult[]): BridgeResult {
  const [first] = parts;
  if (parts.length === 1) return first!;
  const all = (of: (part: BridgeResult) => ArrayLike<number>): number[] =>
    parts.flatMap((part) => Array.from(of(part)));
  return {
    ...first!,
    rows: parts.reduce((sum, { rows }) => sum + rows, 0),
    out: Float64Array.from(all(({ out }) => out)),
    potentials: Float64Array.from(all(({ potentials }) => potentials)),
    counts: first!.counts.map((_, l) => Uint32Array.from(all(({ counts }) => counts[l]!))),
    actions: Int32Array.from(all(({ actions }) => actions)),
  };
}
