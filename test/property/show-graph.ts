import type { Graph, GraphNode } from '../../ts/graph.js';

/** A graph in a few lines, tensors by their shapes. */
export function showGraph({ nodes, edges, outputs }: Graph): string {
  const lines = nodes.map((node) => {
    const from = edges
      .filter(([, to]) => to === node.name)
      .map(([name, , delay = 0]) => (delay === 0 ? name : `${name} ${delay} steps ago`));
    return `  ${node.name} of ${from.join(', ') || 'nothing'}: ${showAttributes(node)}`;
  });
  return [...lines, `  output ${outputs.join()}`].join('\n');
}

function showAttributes({ kind, name, ...attributes }: GraphNode): string {
  [kind, name];
  return JSON.stringify(attributes, (key, value: unknown) => (key === 'data' ? undefined : value));
}
