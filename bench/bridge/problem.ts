import type { DenseNode } from '../../ts/graph.js';
import { writeProblem } from '../simulate/problem.js';
import { rowsOf, type Trial } from '../simulate/trials.js';
import type { WeightedLayer } from '../simulate/network.js';
import type { Subject } from './subject.js';

/** Writes the network and its first observations for the peers; returns these. */
export function writeFor(
  file: string,
  { network, observations }: Subject,
  steps: number,
  batch: number,
): Float64Array {
  const layers = network.graph.nodes
    .filter((node): node is DenseNode => node.kind === 'dense')
    .map((node): WeightedLayer => {
      const units = node.weight.shape[0]!;
      const { weight, bias } = node;
      return { spec: { kind: 'dense', units }, weight, ...(bias && { bias }), shape: [units] };
    });
  const trial: Trial = {
    name: 'bridge',
    target: null,
    net: 'cartpole',
    input: 'uniform',
    batch,
    steps,
    threads: 1,
  };
  const { inputSize } = network;
  const checked = observations.slice(0, rowsOf(trial) * inputSize);
  const problem = { input: [inputSize], layers, observations: Float32Array.from(checked) };
  writeProblem(file, trial, problem);
  return checked;
}
