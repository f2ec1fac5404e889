import type { Graph, NeuronNode } from './graph.js';
import type { SimulationOptions } from './simulator.js';

/**
 * What one unit of the raw decoding is worth in the float network's outputs.
 *
 * For non-leaky units of threshold 1 a converted layer fires at its activation over s_l, so after n integrated steps
 * the last potential (or count of spikes) is n · Q / s_last. The published semantics integrate one step fewer than
 * they run. The mean of a potential that grows evenly is that of step (n + 1) / 2. Latency of the layers and the
 * reset's remainder are the error that shrinks with T.
 */
export function readoutUnit(graph: Graph, options: SimulationOptions): Unit {
  return readoutUnits(graph, options)(options.steps ?? 100);
}

type Unit = number | { readonly reason: string };

/** Turns one raw output into the float network's units. */
export type InUnits = (raw: number) => number;

/** For outputs after so many steps, behind the float network's last ReLU if it has one; undefined without units. */
export function unitsOf(graph: Graph, unit: Unit): InUnits | undefined {
  if (typeof unit !== 'number') return undefined;
  if (graph.conversion?.rectified === true) return (raw) => Math.max(raw * unit, 0);
  return (raw) => raw * unit;
}

/** The same for any number of steps. */
export function readoutUnits(graph: Graph, options: SimulationOptions): (steps: number) => Unit {
  const scale = graph.conversion?.scale.at(-1);
  if (scale === undefined)
    return () => ({ reason: 'the network carries no scales of a conversion' });
  const plain = graph.nodes
    .filter((node): node is NeuronNode => node.kind === 'neuron')
    .every((node) => {
      const { threshold = 1, alpha = 0, beta = 1 } = { ...node, ...overrides(options) };
      const perChannel = node.thresholds !== undefined && options.threshold === undefined;
      return threshold === 1 && !perChannel && alpha === 0 && beta === 1;
    });
  if (!plain) return () => ({ reason: 'the scales hold for threshold 1, alpha 0 and beta 1' });
  return (steps) => unitOf(scale, steps, options);
}

function unitOf(scale: number, steps: number, options: SimulationOptions): Unit {
  const { semantics = 'direct', decoding = 'potential' } = options;
  const integrated = semantics === 'dsqn' ? steps - 1 : steps;
  if (integrated < 1) return { reason: 'the output integrates nothing in so few steps' };
  switch (decoding) {
    case 'potential':
    case 'max_potential':
    case 'spikes':
      return scale / integrated;
    case 'mean_potential':
      return (2 * scale) / (integrated + 1);
    case 'first_spike':
      return { reason: 'a first spike has no unit of the float network' };
  }
}

function overrides({ threshold, alpha, beta }: SimulationOptions): Partial<NeuronNode> {
  return Object.fromEntries(
    Object.entries({ threshold, alpha, beta }).filter(([, value]) => value !== undefined),
  );
}
