import { expect } from 'chai';
import {
  convNetwork,
  denseNetwork,
  duelingNetwork,
  duelingNode,
  spikingNetwork,
} from '../../ts/agent/builders.js';
import type { Initialisation } from '../../ts/agent/initial-weights.js';
import type { DenseNode, GraphNode } from '../../ts/graph.js';
import type { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { Trainer } from '../../ts/trainer.js';
import { uniforms } from '../conformance/random-nets.js';
import { expectRefused } from '../facade/refused.js';

function layers(network: Network): (DenseNode | Extract<GraphNode, { kind: 'conv' }>)[] {
  return network.graph.nodes.filter((node) => node.kind === 'dense' || node.kind === 'conv');
}

function moments(values: Float32Array): { mean: number; deviation: number; most: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(square), most: Math.max(...values.map(Math.abs)) };
}

describe('agent: networks to begin with', () => {
  it('have the sizes asked for, and the same weights for the same seed', () => {
    const network = denseNetwork({ sizes: [4, 16, 8, 2], seed: 5 });
    expect(layers(network).map(({ weight }) => weight.shape)).to.deep.equal([
      [16, 4],
      [8, 16],
      [2, 8],
    ]);
    expect(network.graph.nodes.map(({ kind }) => kind)).to.deep.equal(
      'input dense relu dense relu dense'.split(' '),
    );
    expect(denseNetwork({ sizes: [4, 16, 8, 2], seed: 5 }).graph).to.deep.equal(network.graph);
    expect(denseNetwork({ sizes: [4, 16, 8, 2], seed: 6 }).graph).to.not.deep.equal(network.graph);
    expect(denseNetwork({ sizes: [4, 2], bias: false }).graph.nodes[1]).to.not.have.property(
      'bias',
    );
  });

  it('draw weights as their source says', () => {
    const inputs = 300;
    const units = 200;
    const drawn = (init: Initialisation): ReturnType<typeof moments> => {
      const [layer] = layers(denseNetwork({ sizes: [inputs, units], init, seed: 1 }));
      const { bias, weight } = layer!;
      const expected = init.kind === 'uniform' ? 1 / Math.sqrt(inputs) : 0;
      expect(moments(bias!.data).most).to.be.within(0.97 * expected, expected);
      return moments(weight.data);
    };
    const uniform = (most: number, init: Initialisation): void => {
      const found = drawn(init);
      expect(found.most, init.kind).to.be.within(0.999 * most, most);
      expect(found.deviation, init.kind).to.be.closeTo(most / Math.sqrt(3), 0.01 * most);
      expect(Math.abs(found.mean)).to.be.lessThan(0.02 * most);
    };
    uniform(1 / Math.sqrt(inputs), { kind: 'uniform' });
    uniform(Math.sqrt(6 / inputs), { kind: 'kaiming' });
    uniform(Math.sqrt(6 / (inputs + units)), { kind: 'xavier' });
    for (const [init, deviation] of [
      [{ kind: 'normal' }, 1 / Math.sqrt(inputs)],
      [{ kind: 'normal', scale: 7 }, 7 / Math.sqrt(inputs)],
      [{ kind: 'gaussian', sigma: 0.01 }, 0.01],
    ] as const) {
      const found = drawn(init);
      expect(found.deviation / deviation).to.be.closeTo(1, 0.02);
      // Of 60,000 normal numbers the largest lies beyond four deviations.
      expect(found.most / deviation).to.be.within(3.8, 6);
    }
  });

  it('have the convolutions of the Nature paper, unless others are asked for', () => {
    const nature = convNetwork({ outputs: 6, inputFactor: 1 / 255 });
    expect(nature.inputSize).to.equal(4 * 84 * 84);
    const shapes = layers(nature).map(({ weight }) => weight.shape);
    expect(shapes).to.deep.equal([
      [32, 4, 8, 8],
      [64, 32, 4, 4],
      [64, 64, 3, 3],
      [512, 3136],
      [6, 512],
    ]);
    const small = { input: [1, 9, 9], outputs: 2, hidden: [], seed: 3 } as const;
    const convolutions = [{ channels: 3, kernel: 3, stride: 2, padding: 1 }];
    const network = convNetwork({ ...small, convolutions });
    expect(network.forwardSync(new Float32Array(81)).length).to.equal(2);
    const scaled = convNetwork({ ...small, convolutions, inputFactor: 0.5 });
    const x = uniforms(81, 0, 1, 1);
    expect(scaled.forwardSync(x)).to.deep.equal(network.forwardSync(x.map((value) => value / 2)));
  });

  it('join value and advantages of dueling networks by a node that stays as it is', () => {
    const network = duelingNetwork({ input: 3, hidden: [8], stream: 5, outputs: 4, seed: 1 });
    const at = (output: string): Network => {
      const { nodes, edges } = network.graph;
      const kept = new Set([output]);
      for (const [from, to] of [...edges].reverse()) if (kept.has(to)) kept.add(from);
      return (network.constructor as typeof Network).fromGraph({
        nodes: nodes.filter(({ name }) => kept.has(name)),
        edges: edges.filter(([, to]) => kept.has(to)),
        outputs: [output],
      });
    };
    const x = uniforms(3, -1, 1, 2);
    const [value] = at('value').forwardSync(x);
    const advantages = [...at('advantage').forwardSync(x)];
    const mean = advantages.reduce((a, b) => a + b, 0) / 4;
    network.forwardSync(x).forEach((q, action) => {
      expect(q).to.be.closeTo(value! + advantages[action]! - mean, 1e-6);
    });
    const trainer = new Trainer(network, { trainable: { frozen: [duelingNode] } });
    trainer.updateSync(x, { kind: 'mse', targets: new Float32Array(4) });
    const joined = (net: Network): GraphNode | undefined =>
      net.graph.nodes.find(({ name }) => name === duelingNode);
    expect(joined(trainer.network())).to.deep.equal(joined(network));
    const pixels = duelingNetwork({
      ...{ input: [2, 6, 6], hidden: [], stream: 4, outputs: 3 },
      convolutions: [{ channels: 2, kernel: 3 }],
    });
    expect(pixels.outputSize).to.equal(3);
  });

  it('fire, where they are spiking', () => {
    const network = spikingNetwork({ sizes: [4, 17, 17, 2], biasAsObservation: true, seed: 2 });
    expect(network.spiking).to.equal(true);
    expect(layers(network)[0]!.weight.shape).to.deep.equal([17, 5]);
    const options = { semantics: 'dsqn', steps: 20, biasAsObservation: true } as const;
    const { totalSpikes } = new Simulator(network, options).runSync(uniforms(8, -1, 1, 1));
    expect(Math.min(...totalSpikes)).to.be.greaterThan(0);
    const integrating = spikingNetwork({ sizes: [2, 3], output: 'accumulator' });
    expect(integrating.graph.nodes.at(-1)?.kind).to.equal('accumulator');
    const leaky = spikingNetwork({ sizes: [2, 3], neurons: { beta: 0.5 } });
    expect(leaky.graph.nodes.at(-1)).to.deep.include({ kind: 'neuron', beta: 0.5 });
  });

  it('refuse sizes and names that mean nothing', () => {
    expectRefused(() => denseNetwork({ sizes: [4] }), 'E_ARGUMENT', "'sizes'");
    expectRefused(() => denseNetwork({ sizes: [4, 1.5] }), 'E_ARGUMENT', "'sizes'");
    expectRefused(
      () => denseNetwork({ sizes: [4, 2], width: 3 } as never),
      'E_ARGUMENT',
      "'width'",
    );
    const init = { kind: 'orthogonal' } as never;
    expectRefused(() => denseNetwork({ sizes: [4, 2], init }), 'E_ARGUMENT', "init 'kind'");
    const flat = { kind: 'gaussian', sigma: 0 } as const;
    expectRefused(() => denseNetwork({ sizes: [4, 2], init: flat }), 'E_RANGE', 'sigma');
    const input = [4, 20, 20] as const;
    expectRefused(() => convNetwork({ input, outputs: 2 }), 'E_ARGUMENT', 'sizes of a layer');
    expectRefused(
      () => spikingNetwork({ sizes: [2, 2], output: 'relu' } as never),
      'E_ARGUMENT',
      'relu',
    );
    expectRefused(() => denseNetwork({ sizes: [4, 2], seed: -1 }), 'E_RANGE', 'seed');
  });
});
