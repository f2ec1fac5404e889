import { expect } from 'chai';
import type { BridgeBackendName } from '../../ts/bridge/backends.js';
import { differencesBetween } from '../../ts/bridge/differences.js';
import { firingLayers } from '../../ts/bridge/model.js';
import { openBackend, openBridge } from '../../ts/bridge/open.js';
import type { BridgeModelOptions } from '../../ts/bridge/options.js';
import { runOwn } from '../../ts/bridge/own-engine.js';
import { backendTraits } from '../../ts/bridge/traits.js';
import type { Graph, GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { chainOf } from '../conformance/random-nets.js';
import { tensor } from '../formats/helpers/graphs.js';
import { isRunning } from '../support/processes.js';
import { refusal } from '../support/refusal.js';
import { engineSuite } from './engines.js';
import { denseGraph, randomRows } from './support.js';

/** Weights on a grid of 1/8: sums meet thresholds exactly, and ε decides. */
function dyadicGraph(): Graph {
  const graph = denseGraph([4, 12, 8, 2], 3, 1.5);
  const rounded = (node: GraphNode): GraphNode => {
    if (node.kind !== 'dense') return node;
    const round = ({ shape, data }: { shape: readonly number[]; data: Float32Array }) => ({
      shape,
      data: data.map((value) => Math.round(8 * value) / 8),
    });
    return { ...node, weight: round(node.weight), ...(node.bias && { bias: round(node.bias) }) };
  };
  return { ...graph, nodes: graph.nodes.map(rounded) };
}

/** A convolution with thresholds of its channels, a pool and a layer behind them. */
function convolutionGraph(): Graph {
  const nodes: GraphNode[] = [
    { kind: 'input', name: 'image', shape: [1, 6, 6] },
    { kind: 'conv', name: 'conv', weight: tensor([3, 1, 3, 3], 1), bias: tensor([3], 2) },
    { kind: 'neuron', name: 'a', thresholds: { shape: [3], data: Float32Array.of(0.5, 1, 1.5) } },
    { kind: 'pool', name: 'pool', mode: 'average', kernel: [2, 2] },
    { kind: 'neuron', name: 'b', threshold: 0.25 },
    { kind: 'flatten', name: 'flat' },
    { kind: 'dense', name: 'w', weight: tensor([2, 12], 3), bias: tensor([2], 4) },
    { kind: 'accumulator', name: 'out' },
  ];
  return { ...chainOf(nodes), epsilon: 1e-9 };
}

const networks: Record<string, () => Network> = {
  'random weights': () => Network.fromGraph(denseGraph([4, 16, 16, 2], 1, 1.5)),
  'weights on a grid': () => Network.fromGraph(dyadicGraph()),
  'a convolution': () => Network.fromGraph(convolutionGraph()),
};

const exactBackends: readonly BridgeBackendName[] = ['reference', 'nest', 'pynn-nest', 'brian2'];
const rows = 12;

for (const backend of exactBackends) {
  describe(`the back end ${backend}`, function () {
    this.timeout(120_000);
    const suite = engineSuite(backend);
    const start = () => ({ backend, python: suite.python }) as const;

    it('is what the pre-flight takes it for', async () => {
      const engine = await openBackend(start());
      const { resets, semantics, exact, predicted } = backendTraits[backend];
      const { capabilities, versions } = engine.description;
      expect(capabilities).to.deep.include({ exact, predicted });
      expect(capabilities.resets).to.have.members([...resets]);
      expect(capabilities.semantics).to.have.members([...semantics]);
      expect(versions.python).to.match(/^3\.\d+/);
      const [pid] = engine.pids;
      await engine.close();
      expect(isRunning(pid!)).to.equal(false);
      expect(await suite.left()).to.deep.equal([]);
    });

    /** No neuron's count differs from those of spiq in double precision. */
    const expectSame = async (make: () => Network, options: BridgeModelOptions): Promise<void> => {
      const network = make();
      const bridge = await openBridge({ network, ...start(), ...options, copies: 4 });
      try {
        const { observationSize, model } = bridge;
        const x = randomRows(rows, observationSize);
        const own = await runOwn(network, options, x);
        const bulk = await bridge.evaluate(x);
        const layers = firingLayers(model).map(({ name }) => name);
        const differences = differencesBetween(own, bulk, layers);
        expect(differences).to.deep.include({ neurons: 0, actionAgreement: 1 });
        expect(differences.largestPotentialDifference).to.be.lessThan(1e-9);
        const few = await bridge.run(x.subarray(0, 3 * observationSize));
        few.counts.forEach((counts, l) => {
          expect(counts).to.deep.equal(bulk.counts[l]!.subarray(0, counts.length));
        });
        expect(bridge.selfTest).to.include({ rows: 4, neurons: 0 });
      } finally {
        await bridge.close();
      }
    };

    for (const [name, make] of Object.entries(networks)) {
      for (const reset of ['subtraction', 'zero'] as const) {
        it(`has the spikes of spiq: ${name}, reset ${reset}`, async () => {
          await expectSame(make, { reset, steps: 50 });
        });
      }
    }

    it('has them where the output layer fires', async () => {
      const graph = denseGraph([4, 8, 3], 5, 1.5);
      const nodes = graph.nodes.map((node): GraphNode =>
        node.kind === 'accumulator' ? { kind: 'neuron', name: node.name } : node,
      );
      const make = (): Network => Network.fromGraph({ ...graph, nodes });
      await expectSame(make, { decoding: 'spikes', steps: 50 });
    });

    for (const reset of ['subtraction', 'zero'] as const) {
      it(`has the spikes of the published semantics, reset ${reset}`, async () => {
        await expectSame(networks['random weights']!, { semantics: 'dsqn', reset, steps: 20 });
      });
    }

    // 2000 steps of potentials are more than a socket holds at once.
    for (const steps of [30, 2000])
      it(`tells every spike in the step in which spiq has it, and the potentials, of ${steps} steps`, async () => {
        const network = networks['random weights']!();
        const bridge = await openBridge({ network, ...start(), steps, probes: false });
        const x = randomRows(1, 4);
        const { spikes, potentials } = await bridge.raster(x, { potentials: true });
        const simulator = new Simulator(network, { steps, precision: 'float64' });
        const own = simulator.runSync(x, { record: { raster: true, potentials: true } });
        for (const [layer, { step, unit }] of Object.entries(own.rasters!)) {
          expect([...spikes[layer]!.step], layer).to.deep.equal([...step]);
          expect([...spikes[layer]!.unit], layer).to.deep.equal([...unit]);
        }
        for (const [layer, trace] of Object.entries(own.potentials!)) {
          expect(potentials![layer]).to.have.length(trace.length);
          const apart = potentials![layer]!.map((potential, k) => Math.abs(potential - trace[k]!));
          expect(Math.max(...apart), layer).to.be.lessThan(1e-9);
        }
        await bridge.close();
      });

    it('holds several networks, in several workers, each by itself', async () => {
      const engine = await openBackend({ ...start(), workers: backend === 'brian2' ? 1 : 2 });
      const made = [networks['random weights']!(), networks['weights on a grid']!()];
      const bridges = await Promise.all(
        made.map(async (network) => engine.load({ network, steps: 20, copies: 4 })),
      );
      const x = randomRows(9, 4);
      const results = await Promise.all(bridges.map(async (bridge) => bridge.evaluate(x)));
      for (const [k, network] of made.entries()) {
        const own = await runOwn(network, { steps: 20 }, x);
        expect(results[k]!.counts.map((counts) => [...counts])).to.deep.equal(
          own.counts.map((counts) => [...Array.from(counts)]),
        );
      }
      await bridges[0]!.close();
      expect(await refusal(bridges[0]!.run(x.subarray(0, 4)))).to.include({ code: 'E_STATE' });
      expect((await bridges[1]!.run(x.subarray(0, 4))).rows).to.equal(1);
      await engine.close();
    });

    it('refuses what is no number and what is out of range, and goes on', async () => {
      const engine = await openBackend(start());
      const graph = denseGraph([4, 8, 2]);
      const nodes = graph.nodes.map((node): GraphNode =>
        node.kind === 'dense'
          ? {
              ...node,
              bias: {
                shape: [node.weight.shape[0]!],
                data: new Float32Array(node.weight.shape[0]!).fill(1e30),
              },
            }
          : node,
      );
      const huge = Network.fromGraph({ ...graph, nodes });
      expect(await refusal(engine.load({ network: huge }))).to.include({ code: 'E_RANGE' });
      const bridge = await engine.load({ network: Network.fromGraph(graph), steps: 10 });
      const wrong = await refusal(bridge.run(Float64Array.of(0, NaN, 0, 0)));
      expect(wrong).to.include({ code: 'E_NOT_FINITE' });
      expect(wrong.message).to.contain('observations element 1');
      expect(await refusal(bridge.run(new Float64Array(8)))).to.include({ code: 'E_SHAPE' });
      expect(await refusal(bridge.run(new Float64Array(3)))).to.include({ code: 'E_SHAPE' });
      expect((await bridge.run(new Float64Array(4))).rows).to.equal(1);
      await engine.close();
    });

    it('breaks a simulation of half a minute off, and goes on', async () => {
      const network = networks['random weights']!();
      const options = { network, ...start(), steps: 20_000, probes: false, copies: 4 } as const;
      const bridge = await openBridge(options);
      const controller = new AbortController();
      const long = bridge.evaluate(randomRows(2000, 4), controller);
      const waiting = refusal(long);
      await new Promise((resolve) => setTimeout(resolve, 700));
      const begin = performance.now();
      controller.abort();
      expect(await waiting).to.include({ code: 'E_CANCELLED' });
      expect(performance.now() - begin).to.be.lessThan(1500);
      expect((await bridge.run(randomRows(1, 4))).rows).to.equal(1);
      await bridge.close();
      expect(await suite.left()).to.deep.equal([]);
    });

    it('that is killed in a simulation is started again, and the rows are those', async () => {
      const network = networks['random weights']!();
      const engine = await openBackend(start());
      const bridge = await engine.load({ network, steps: 200, copies: 4, probes: false });
      const x = randomRows(200, 4);
      const waiting = bridge.evaluate(x);
      await new Promise((resolve) => setTimeout(resolve, 50));
      process.kill(engine.pids[0]!, 'SIGKILL');
      const { counts } = await waiting;
      const own = await runOwn(network, { steps: 200 }, x);
      expect([...counts[0]!]).to.deep.equal([...Array.from(own.counts[0]!)]);
      expect(bridge.restarts).to.equal(1);
      await engine.close();
    });

    it('that is stopped is ended by the deadline, and started again', async () => {
      const network = networks['random weights']!();
      const engine = await openBackend({ ...start(), deadlineMs: 3000 });
      const bridge = await engine.load({ network, steps: 20, probes: false });
      const [pid] = engine.pids;
      process.kill(pid!, 'SIGSTOP');
      expect((await bridge.run(randomRows(1, 4))).rows).to.equal(1);
      expect(isRunning(pid!)).to.equal(false);
      expect(bridge.restarts).to.equal(1);
      await engine.close();
    });

    it('is spoken to over TCP as well', async () => {
      const network = networks['weights on a grid']!();
      const bridge = await openBridge({ network, ...start(), steps: 20, transport: 'tcp' });
      expect((await bridge.run(randomRows(1, 4))).rows).to.equal(1);
      await bridge.close();
    });
  });
}
