import type { Npz } from '../../ts/formats/npz/index.js';
import type { Graph, GraphNode, Tensor } from '../../ts/graph.js';
import { chainOf } from '../conformance/random-nets.js';
import { floats } from './fixtures.js';

/** What the .json beside a file of fixtures/conv says of the network. */
export interface ConvNet {
  readonly net: string;
  readonly input: readonly number[];
  readonly conv: readonly { readonly stride: number; readonly padding: number }[];
  readonly fc: readonly number[];
  readonly cases: readonly ConvCase[];
}

export interface ConvCase {
  readonly key: string;
  readonly T: number;
  readonly encoding: 'constant';
  readonly decoding: 'potential';
  readonly reset: 'subtraction';
  readonly alpha: number;
  readonly beta: number;
  readonly threshold: number;
}

/** The converted network: neurons behind every layer, those behind the last one for the read-out. */
export function convGraph({ input, conv, fc }: ConvNet, file: Npz): Graph {
  const tensor = (key: string): Tensor => ({ shape: file.get(key).shape, data: floats(file, key) });
  const nodes: GraphNode[] = [{ kind: 'input', name: 'x', shape: input }];
  conv.forEach(({ stride, padding }, l) => {
    nodes.push({
      kind: 'conv',
      name: `conv${l}`,
      weight: tensor(`w${l}`),
      bias: tensor(`b${l}`),
      stride: [stride, stride],
      padding: [padding, padding, padding, padding],
    });
    nodes.push({ kind: 'neuron', name: `n${l}` });
  });
  nodes.push({ kind: 'flatten', name: 'flatten' });
  fc.forEach((_, i) => {
    const l = conv.length + i;
    const [weight, bias] = [tensor(`w${l}`), tensor(`b${l}`)];
    nodes.push({ kind: 'dense', name: `fc${l}`, weight, bias }, { kind: 'neuron', name: `n${l}` });
  });
  return chainOf(nodes);
}
