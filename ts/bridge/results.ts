import { argmaxRows } from '../agent/argmax.js';
import type { BridgeModel } from './model.js';
import { firingLayers, outputsOf } from './model.js';
import type { RunArrays, RunFigures } from './replies.js';

export interface BridgeResult extends RunFigures {
  readonly rows: number;
  /** What the decoding names: potentials or spike counts of the output layer, [rows][outputs]. */
  readonly out: Float64Array;
  /** Of the output layer after T steps, [rows][outputs]. */
  readonly potentials: Float64Array;
  /** Spikes of each neuron, for every layer that fires [rows][units]. */
  readonly counts: readonly Uint32Array[];
  /** The best output of each row. */
  readonly actions: Int32Array;
  /** Nothing was run: an emulation expects this. */
  readonly predicted: boolean;
}

export function resultOf(
  model: BridgeModel,
  rows: number,
  parts: readonly RunArrays[],
  predicted: boolean,
): BridgeResult {
  const potentials = joined(
    parts.map((part) => part.potentials),
    Float64Array,
  );
  const all = joined(
    parts.map((part) => part.counts),
    Uint32Array,
  );
  const counts = byLayer(model, rows, all);
  const outputs = outputsOf(model);
  const out = model.decoding === 'potential' ? potentials : Float64Array.from(counts.at(-1)!);
  const total = (name: keyof RunFigures): number =>
    parts.reduce((sum, part) => sum + part[name], 0);
  return {
    rows,
    out,
    potentials,
    counts,
    actions: outputs === 0 ? new Int32Array(rows) : argmaxRows(out, rows),
    predicted,
    simulationMilliseconds: total('simulationMilliseconds'),
    clipped: total('clipped'),
    overflows: total('overflows'),
  };
}

function joined<T extends Float64Array | Uint32Array>(
  parts: readonly T[],
  kind: new (length: number) => T,
): T {
  if (parts.length === 1) return parts[0]!;
  const all = new kind(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The worker gives the neurons of a row one layer after the other. */
function byLayer(model: BridgeModel, rows: number, all: Uint32Array): Uint32Array[] {
  const layers = firingLayers(model);
  const width = layers.reduce((sum, { units }) => sum + units, 0);
  let first = 0;
  return layers.map(({ units }) => {
    const counts = new Uint32Array(rows * units);
    for (let row = 0; row < rows; row += 1) {
      const from = row * width + first;
      counts.set(all.subarray(from, from + units), row * units);
    }
    first += units;
    return counts;
  });
}
