import type { Graph, NeuronNode } from '../graph.js';
import type { BridgeModelOptions } from './options.js';
import { isUnits, neuronOf } from './walk.js';

export type Aspect =
  | 'reset'
  | 'semantics'
  | 'leak'
  | 'delay'
  | 'range'
  | 'sign'
  | 'rounding'
  | 'bias'
  | 'size'
  | 'neuron'
  | 'structure';

/** Something of a neuron that no back end has. */
export interface Refusal {
  readonly aspect: Aspect;
  readonly node: string;
  readonly expected: string;
  readonly received: string;
}

/** What the neurons of a graph ask for that cannot be had elsewhere. */
export function neuronRefusals(graph: Graph, options: BridgeModelOptions): Refusal[] {
  const resets = new Set<string>();
  return graph.nodes.flatMap((node) => {
    if (!isUnits(node)) return [];
    const refusals: Refusal[] = [];
    const refuse = (aspect: Aspect, expected: string, received: string): void => {
      refusals.push({ aspect, node: node.name, expected, received });
    };
    if (node.kind === 'relu' && (node.slope ?? node.slopes ?? node.cap) !== undefined) {
      refuse('neuron', 'a ReLU without slope and cap, or a converted network', 'another one');
    }
    const neuron = neuronOf(node);
    if (node.kind === 'neuron') {
      resets.add(options.reset ?? neuron.reset ?? 'subtraction');
      if (resets.size > 1) refuse('reset', 'one reset for all layers', [...resets].join(' and '));
      checkSpikes(neuron, refuse);
    }
    checkDynamics(neuron, options, refuse);
    return refusals;
  });
}

type Refuse = (aspect: Aspect, expected: string, received: string) => void;

function checkSpikes(
  { refractory = 0, ternary = false, burst = 1 }: NeuronNode,
  refuse: Refuse,
): void {
  if (refractory > 0) refuse('neuron', 'no refractory steps', `${refractory}`);
  if (ternary) refuse('neuron', 'spikes of one sign', 'ternary units');
  if (burst > 1) refuse('neuron', 'one spike in a step at most', `bursts of ${burst}`);
}

function checkDynamics(neuron: NeuronNode, options: BridgeModelOptions, refuse: Refuse): void {
  const { alpha = 0, beta = 1, reset, initial = 0, initials, thresholds } = neuron;
  if (alpha !== 0) refuse('leak', 'alpha 0 (currents that last one step)', `alpha ${alpha}`);
  if (beta !== 1) refuse('leak', 'beta 1 (potentials without a leak)', `beta ${beta}`);
  if ((options.reset ?? reset) === 'value') {
    refuse('reset', 'reset by subtraction or to zero', 'a reset to a value');
  }
  if (initial !== 0 || initials?.data.some((value) => value !== 0) === true) {
    refuse('neuron', 'potentials that begin with 0', 'others');
  }
  const threshold = options.threshold ?? neuron.threshold ?? 1;
  const perChannel = options.threshold === undefined && thresholds !== undefined;
  if (options.semantics === 'dsqn' && (threshold !== 1 || perChannel)) {
    refuse('semantics', "threshold 1, since 'dsqn' takes 1 from a unit that fired", 'another one');
  }
}
