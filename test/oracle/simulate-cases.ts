import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readNpzFile, toFloat32, toFloat64 } from '../../ts/formats/npz/index.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { GraphNode, NeuronAttributes, Reset, Tensor } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import type { Decoding, Encoding, Semantics, SimulationOptions } from '../../ts/simulator.js';
import { chainOf } from '../conformance/random-nets.js';
import { repositoryRoot } from '../scripts/repository.js';

/** An entry of simulate.json (README.md). */
export interface SimulateCase {
  readonly key: string;
  readonly net: string;
  readonly semantics: Semantics;
  readonly T: number;
  readonly encoding: Encoding;
  readonly decoding: Decoding;
  readonly reset: Reset;
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
  readonly two_input_neurons: boolean;
  readonly bias_as_observation: boolean;
  readonly reset_value: number;
  readonly refractory: number;
  readonly ternary: boolean;
  readonly burst: number;
  readonly epsilon: number;
  readonly trace: boolean;
}

const folder = path.join(repositoryRoot, 'test', 'oracle');

export function oracle(name: string): Npz {
  return readNpzFile(path.join(folder, name));
}

export function oracleJson(name: string): unknown {
  return JSON.parse(readFileSync(path.join(folder, name), 'utf8'));
}

export function floats(file: Npz, key: string): Float32Array {
  return toFloat32(file.get(key)).data;
}

export function doubles(file: Npz, key: string): Float64Array {
  return toFloat64(file.get(key)).data;
}

export function integers(file: Npz, key: string): number[] {
  return Array.from(file.get(key).data, Number);
}

/** [in, out] as the file has it to [out, in]. */
function weightOf(file: Npz, key: string): Tensor {
  const [inputs, units] = file.get(key).shape as [number, number];
  const given = floats(file, key);
  const data = Float32Array.from(
    given,
    (_, i) => given[(i % inputs) * units + Math.floor(i / inputs)]!,
  );
  return { shape: [units, inputs], data };
}

function neuronsOf(test: SimulateCase): NeuronAttributes {
  return {
    threshold: test.threshold,
    alpha: test.alpha,
    beta: test.beta,
    reset: test.reset,
    refractory: test.refractory,
    ternary: test.ternary,
    burst: test.burst,
    ...(test.reset === 'value' ? { resetValue: test.reset_value } : {}),
  };
}

/** The file's weights with the case's neurons behind each of its layers. */
export function networkOf(file: Npz, test: SimulateCase): Network {
  const layers = file.keys.filter((key) => /^w\d+$/.test(key)).length;
  const nodes: GraphNode[] = [];
  for (let layer = 0; layer < layers; layer += 1) {
    const weight = weightOf(file, `w${layer}`);
    if (layer === 0) nodes.push({ kind: 'input', name: 'x', shape: [weight.shape[1]!] });
    const bias = file.has(`b${layer}`)
      ? { bias: { shape: [weight.shape[0]!], data: floats(file, `b${layer}`) } }
      : {};
    nodes.push({ kind: 'dense', name: `fc${layer}`, weight, ...bias });
    nodes.push({ kind: 'neuron', name: `n${layer}`, ...neuronsOf(test) });
  }
  return Network.fromGraph({ ...chainOf(nodes), epsilon: test.epsilon });
}

export function optionsOf(test: SimulateCase): SimulationOptions {
  return {
    semantics: test.semantics,
    steps: test.T,
    encoding: test.encoding,
    decoding: test.decoding,
    twoInputNeurons: test.two_input_neurons,
    biasAsObservation: test.bias_as_observation,
  };
}

export function spikesOf(file: Npz, test: SimulateCase): { spikes?: Int8Array } {
  const key = `${test.key}.input_spikes`;
  return test.encoding === 'spikes' ? { spikes: Int8Array.from(integers(file, key)) } : {};
}
