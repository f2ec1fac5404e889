import { mismatch, phrase, show } from '../../errors.js';
import type { GraphProto, NodeProto } from './gen/onnx_pb.js';
import { labelNode } from './model.js';

export interface LabelledNode {
  readonly node: NodeProto;
  /** Place in the file. */
  readonly index: number;
  readonly label: string;
}

export interface OrderedNodes {
  /** Those that the outputs need, each after what it reads; the file's own order where that will do. */
  readonly needed: readonly LabelledNode[];
  readonly unused: readonly LabelledNode[];
}

export function orderNodes(
  graph: GraphProto,
  wanted: readonly string[],
  what: string,
): OrderedNodes {
  const nodes = graph.node.map((node, index) => ({
    node,
    index,
    label: labelNode(node, index, what),
  }));
  const given = [...graph.input, ...graph.initializer].map(({ name }) => name);
  const producers = findProducers(nodes, new Set(given));
  const ordered = sortTopologically(nodes, producers, new Set(given));
  const used = usedNodes(wanted, producers);
  return {
    needed: ordered.filter((entry) => used.has(entry)),
    unused: ordered.filter((entry) => !used.has(entry)),
  };
}

function findProducers(nodes: readonly LabelledNode[], given: ReadonlySet<string>) {
  const producers = new Map<string, LabelledNode>();
  for (const entry of nodes) {
    for (const output of presentNames(entry.node.output)) {
      if (producers.has(output) || given.has(output)) {
        throw mismatch('E_GRAPH', `${entry.label}: output`, 'a name of its own', output);
      }
      producers.set(output, entry);
    }
  }
  return producers;
}

/** ONNX writes '' for an optional value that is left out. */
export function presentNames(names: readonly string[]): string[] {
  return names.filter((name) => name !== '');
}

/** Depth first with a stack of our own, so that a long chain cannot overflow the call stack. */
function sortTopologically(
  nodes: readonly LabelledNode[],
  producers: ReadonlyMap<string, LabelledNode>,
  given: ReadonlySet<string>,
): LabelledNode[] {
  const ordered = new Set<LabelledNode>();
  const open = new Set<LabelledNode>();
  for (const start of nodes) {
    const stack = [start];
    for (let entry = stack.at(-1); entry !== undefined; entry = stack.at(-1)) {
      const waitsFor = firstMissing(entry);
      if (waitsFor === undefined) {
        ordered.add(entry);
        open.delete(entry);
        stack.pop();
        continue;
      }
      open.add(entry);
      if (open.has(waitsFor)) {
        throw mismatch(
          'E_GRAPH',
          waitsFor.label,
          'nodes without a cycle',
          phrase('one that needs itself'),
        );
      }
      stack.push(waitsFor);
    }
  }
  return [...ordered];

  function firstMissing(entry: LabelledNode): LabelledNode | undefined {
    for (const input of presentNames(entry.node.input)) {
      if (given.has(input)) continue;
      const producer = producers.get(input);
      if (producer === undefined) {
        const expected = 'a value that a node, an input or an initialiser provides';
        throw mismatch('E_GRAPH', `${entry.label}: input`, expected, input);
      }
      if (!ordered.has(producer)) return producer;
    }
    return undefined;
  }
}

function usedNodes(outputs: readonly string[], producers: ReadonlyMap<string, LabelledNode>) {
  const used = new Set<LabelledNode>();
  const wanted = [...outputs];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    const producer = producers.get(name);
    if (producer === undefined || used.has(producer)) continue;
    used.add(producer);
    wanted.push(...presentNames(producer.node.input));
  }
  return used;
}

export function describeUnused(unused: readonly LabelledNode[]): string[] {
  if (unused.length === 0) return [];
  const names = unused.map(({ node, index }) => node.name || `#${index} ${node.opType}`);
  return [`left out ${unused.length} nodes that no output needs: ${show(names)}`];
}
