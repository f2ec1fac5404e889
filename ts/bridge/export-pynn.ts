import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { writeFileAtomically } from '../formats/atomic.js';
import { fileError } from '../formats/files.js';
import { inputOf } from '../formats/graph-structure.js';
import { writeNpz, type NpyArray } from '../formats/npz/index.js';
import { workerPath } from '../wire/python.js';
import { rowOfEach } from './connections.js';
import type { BridgeModel } from './model.js';
import type { BridgeSubject } from './options.js';
import { translate } from './translate.js';

export interface ExportedScript {
  readonly folder: string;
  /** The program first. */
  readonly files: readonly string[];
}

const program = 'run_network.py';

/** Writes a PyNN program with the network's weights that runs without spiq, in NEST and on SpiNNaker. */
export function exportPynn(subject: BridgeSubject, folder: string): ExportedScript {
  const model = translate(subject);
  const arrays = { ...inputArrays(subject, model), ...layerArrays(model) };
  const { observationSize, inputs, steps, reset, semantics, epsilon, decoding } = model;
  const layers = model.layers.map(({ name, units, fires }) => ({ name, units, fires }));
  const description = {
    format: 'spiq-pynn',
    version: 1,
    ...{ observationSize, inputs, steps, reset, semantics, epsilon, decoding, layers },
  };
  try {
    mkdirSync(folder, { recursive: true });
    copyFileSync(path.join(workerPath, 'pynn', program), path.join(folder, program));
  } catch (cause) {
    throw fileError(folder, 'write', cause);
  }
  const text = `${JSON.stringify(description, undefined, 2)}\n`;
  writeFileAtomically(path.join(folder, 'network.json'), new TextEncoder().encode(text));
  writeFileAtomically(path.join(folder, 'network.npz'), writeNpz(arrays));
  return { folder, files: [program, 'network.json', 'network.npz'] };
}

function inputArrays({ network }: BridgeSubject, model: BridgeModel): Record<string, NpyArray> {
  const { shape, factor, offset } = inputOf(network.graph, 'bridge');
  const perChannel = model.inputs / shape[0]!;
  const each = (given: Float32Array | undefined, standard: number): NpyArray =>
    doubles(
      Float64Array.from({ length: model.observationSize }, (_, k) =>
        given === undefined ? standard : given[Math.floor(k / perChannel)]!,
      ),
    );
  return { factor: each(factor?.data, 1), offset: each(offset?.data, 0) };
}

function layerArrays({ layers }: BridgeModel): Record<string, NpyArray> {
  const arrays = layers.flatMap(({ units, threshold, connections }, l): [string, NpyArray][] => {
    const theta =
      typeof threshold === 'number' ? new Float64Array(units).fill(threshold) : threshold;
    return [
      [`pre${l}`, indices(connections.column)],
      [`post${l}`, indices(rowOfEach(connections))],
      [`weight${l}`, doubles(connections.value)],
      [`b${l}`, doubles(connections.bias)],
      [`theta${l}`, doubles(theta)],
    ];
  });
  return Object.fromEntries(arrays);
}

function doubles(data: Float64Array): NpyArray {
  return { shape: [data.length], dtype: 'f8', data };
}

function indices(data: Uint32Array): NpyArray {
  return { shape: [data.length], dtype: 'u4', data };
}
