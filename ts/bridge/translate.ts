import { rowsOf } from '../check.js';
import { SpiqError, mismatch, phrase } from '../errors.js';
import { inputOf } from '../formats/graph-structure.js';
import type { InputNode } from '../graph.js';
import { Simulator } from '../simulator.js';
import type { BridgeLayer, BridgeModel } from './model.js';
import { neuronRefusals } from './neurons.js';
import {
  checkModelOptions,
  defaultEpsilon,
  defaultMostConnections,
  defaultSteps,
  referenceOptions,
  type BridgeModelOptions,
  type BridgeSubject,
} from './options.js';
import { neuronOf, walk, type WalkedLayer } from './walk.js';

/** The network as simulators elsewhere take it; what they cannot have is refused by name. */
export function translate({ network, ...options }: BridgeSubject): BridgeModel {
  checkModelOptions(options);
  const [refusal] = neuronRefusals(network.graph, options);
  if (refusal !== undefined) {
    const { node, expected, received } = refusal;
    throw mismatch('E_UNSUPPORTED', `bridge: node '${node}'`, expected, phrase(received));
  }
  const { mostConnections = defaultMostConnections } = options;
  const walked = walk(network.graph, mostConnections);
  const simulator = new Simulator(network, referenceOptions(options));
  const layers = fitted(walked, simulator, options);
  simulator.close();
  const { observationSize, encodedSize } = simulator;
  return {
    observationSize,
    inputs: encodedSize,
    steps: simulator.steps,
    semantics: options.semantics ?? 'direct',
    reset: resetOf(walked, options),
    epsilon: options.epsilon ?? network.graph.epsilon ?? defaultEpsilon,
    decoding: options.decoding ?? 'potential',
    layers,
    prepare: preparer(inputOf(network.graph, 'bridge'), observationSize, encodedSize),
  };
}

/** The walked layers have to be those of spiq's own simulator, which also knows which of them fire. */
function fitted(
  walked: readonly WalkedLayer[],
  { layers }: Simulator<'float64'>,
  options: BridgeModelOptions,
): BridgeLayer[] {
  const same =
    walked.length === layers.length &&
    walked.every(({ connections }, k) => connections.rows === layers[k]!.units);
  if (!same) throw new SpiqError('E_INTERNAL', 'bridge: the layers are not those of the simulator');
  return walked.map(({ node, shape, connections }, k) => {
    const { name, units, fires } = layers[k]!;
    const { threshold = 1, thresholds } = neuronOf(node);
    const perChannel = units / shape[0]!;
    const own =
      options.threshold === undefined && thresholds !== undefined
        ? Float64Array.from(
            { length: units },
            (_, unit) => thresholds.data[Math.floor(unit / perChannel)]!,
          )
        : (options.threshold ?? threshold);
    return { name, units, fires, threshold: own, connections };
  });
}

function resetOf(
  walked: readonly WalkedLayer[],
  { reset }: BridgeModelOptions,
): 'subtraction' | 'zero' {
  const own = walked.find(({ node }) => node?.kind === 'neuron')?.node;
  const named = reset ?? neuronOf(own).reset ?? 'subtraction';
  // Others were refused before.
  return named === 'zero' ? 'zero' : 'subtraction';
}

/** factor · x + offset, each rounded, and the constant 1 behind it: what an input node does. */
function preparer(
  { shape, factor, offset }: InputNode,
  size: number,
  encoded: number,
): BridgeModel['prepare'] {
  // A bias as observation is one of the node's inputs, and not of the observation's.
  const perChannel = encoded / shape[0]!;
  const channel = (k: number): number => Math.floor(k / perChannel);
  return (observations, rows) => {
    if (observations.length !== rows * size) rowsOf(observations, size, 'observations');
    const prepared = new Float64Array(rows * encoded);
    for (let row = 0; row < rows; row += 1) {
      for (let k = 0; k < encoded; k += 1) {
        const given = k < size ? observations[row * size + k]! : 1;
        if (!Number.isFinite(given)) {
          const what = `observations element ${row * size + k}`;
          throw mismatch('E_NOT_FINITE', what, 'a finite number', given);
        }
        const own = k < size;
        const scaled = own && factor ? given * factor.data[channel(k)]! : given;
        prepared[row * encoded + k] = own && offset ? scaled + offset.data[channel(k)]! : scaled;
      }
    }
    return prepared;
  };
}

export { defaultSteps };
