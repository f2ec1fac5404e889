import { chainOf } from '../conformance/random-nets.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import type { Wild } from './wild-input.js';

const resets = ['subtraction', 'zero', 'value'] as const;

function neuron(wild: Wild): object {
  const reset = wild.pick(resets);
  return {
    kind: 'neuron',
    ...(wild.chance(0.5) ? { threshold: wild.pick([1, 0.1, 3, 1e-30, 1e30, 1e-60, 1e60]) } : {}),
    ...(wild.chance(0.3) ? { alpha: wild.uniform(0, 1), beta: wild.uniform(0, 1) } : {}),
    ...(wild.chance(0.5) ? { reset } : {}),
    ...(wild.chance(0.2) ? { resetValue: wild.uniform(-1, 0) } : {}),
    ...(wild.chance(0.2) ? { refractory: wild.below(5) } : {}),
    ...(wild.chance(0.2) ? { ternary: true } : {}),
    ...(wild.chance(0.2) ? { burst: 1 + wild.below(5) } : {}),
  };
}

/** A graph that mostly is sound; its parameters may contradict each other. */
export function mostlySound(wild: Wild): Graph {
  const layers = 1 + wild.below(3);
  const sizes = Array.from({ length: layers + 1 }, () => 1 + wild.below(20));
  const nodes: object[] = [{ kind: 'input', name: 'x', shape: [sizes[0]!] }];
  const spiking = wild.chance(0.5);
  for (let layer = 1; layer <= layers; layer += 1) {
    const [inputs, units] = [sizes[layer - 1]!, sizes[layer]!];
    const weight = { shape: [units, inputs], data: wild.weights(units * inputs, true) };
    const bias = { shape: [units], data: wild.weights(units, true) };
    nodes.push({ kind: 'dense', name: `d${layer}`, weight, ...(wild.chance(0.5) ? { bias } : {}) });
    if (spiking && layer === layers && wild.chance(0.3))
      nodes.push({ kind: 'accumulator', name: 'out' });
    else if (spiking) nodes.push({ ...neuron(wild), name: `n${layer}` });
    else if (layer < layers || wild.chance(0.2)) nodes.push({ kind: 'relu', name: `r${layer}` });
    if (wild.chance(0.1)) nodes.push({ kind: 'flatten', name: `f${layer}` });
  }
  const graph = chainOf(nodes as unknown as GraphNode[]);
  return { ...graph, nodes: wild.shuffled(graph.nodes) };
}

type Damage = (wild: Wild, graph: Record<string, unknown[]>) => void;

const damages: Record<string, Damage> = {
  field: (wild, graph) => {
    const node = wild.pick(graph.nodes as Record<string, unknown>[]);
    const name = wild.pick([...Object.keys(node), 'threshold', 'reset', 'bias', 'unknown']);
    node[name] = wild.thing();
  },
  tensor: (wild, graph) => {
    const node = (graph.nodes as Record<string, unknown>[]).find(({ kind }) => kind === 'dense')!;
    const tensor = { ...(node.weight as object) } as Record<string, unknown>;
    tensor[wild.pick(['shape', 'data'])] = wild.chance(0.5)
      ? wild.thing()
      : wild.pick<unknown>([
          [wild.thing(), wild.thing()],
          [2 ** 40, 2 ** 40],
          wild.weights(6, false),
        ]);
    node.weight = tensor;
  },
  name: (wild, graph) => {
    const nodes = graph.nodes as Record<string, unknown>[];
    wild.pick(nodes).name = wild.chance(0.5) ? wild.pick(nodes).name : 'stranger';
  },
  edge: (wild, graph) => {
    const names = (graph.nodes as Record<string, unknown>[]).map(({ name }) => name);
    graph.edges!.push([wild.pick(names), wild.pick(names)]);
  },
  lostEdge: (wild, graph) => void graph.edges!.splice(wild.below(graph.edges!.length), 1),
  lostNode: (wild, graph) => void graph.nodes!.splice(wild.below(graph.nodes!.length), 1),
  part: (wild, graph) => {
    const part = wild.pick(['nodes', 'edges', 'outputs']);
    graph[part]!.splice(wild.below(graph[part]!.length), 1, wild.thing());
  },
  whole: (wild, graph) => {
    graph[wild.pick(['nodes', 'edges', 'outputs', 'epsilon', 'stranger'])] =
      wild.thing() as unknown[];
  },
};

/** The same graph with one or two things wrong; the name of what was done comes along. */
export function damaged(wild: Wild, sound: Graph): { graph: Graph; story: string } {
  const graph: Record<string, unknown[]> = {
    nodes: sound.nodes.map((node) => ({ ...node })),
    edges: [...sound.edges],
    outputs: [...sound.outputs],
  };
  const applied: string[] = [];
  for (let count = 1 + wild.below(2); count > 0; count -= 1) {
    const name = wild.pick(Object.keys(damages));
    const whole = [graph.nodes, graph.edges, graph.outputs].every(
      (part) => Array.isArray(part) && part.length > 0,
    );
    const intact = whole && graph.nodes!.every((node) => typeof node === 'object' && node !== null);
    if (
      !intact ||
      (name === 'tensor' && !(graph.nodes as GraphNode[]).some(({ kind }) => kind === 'dense'))
    )
      continue;
    damages[name]!(wild, graph);
    applied.push(name);
  }
  return { graph: graph as unknown as Graph, story: applied.join(', ') };
}
