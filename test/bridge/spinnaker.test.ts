import { expect } from 'chai';
import { openBridge } from '../../ts/bridge/open.js';
import { runOwn } from '../../ts/bridge/own-engine.js';
import { Network } from '../../ts/network.js';
import { refusal } from '../support/refusal.js';
import { engineSuite } from './engines.js';
import { denseGraph, randomRows } from './support.js';

describe('the back end spinnaker-virtual', function () {
  this.timeout(120_000);
  const suite = engineSuite('spinnaker-virtual');
  const network = Network.fromGraph(denseGraph([4, 16, 16, 2], 1, 1));
  const start = () => ({ backend: 'spinnaker-virtual', python: suite.python, network }) as const;

  it('maps a network and predicts what a board would do, marked as predicted', async () => {
    const bridge = await openBridge({ ...start(), reset: 'zero', steps: 50 });
    const x = randomRows(50, 4);
    const result = await bridge.evaluate(x);
    expect(result).to.include({ predicted: true, rows: 50, overflows: 0 });
    const { effective } = bridge.built;
    expect(effective.tauM).to.equal(4096);
    expect(effective.weightShift).to.have.length(2);
    const own = await runOwn(network, { reset: 'zero', steps: 50 }, x);
    const spikes = (counts: readonly ArrayLike<number>[]): number =>
      counts.reduce((sum, layer) => sum + Array.from(layer).reduce((a, b) => a + b, 0), 0);
    const ratio = spikes(result.counts) / spikes(own.counts);
    expect(ratio).to.be.closeTo(1, 0.05);
    const { spikes: raster, potentials } = await bridge.raster(x.subarray(0, 4));
    expect(raster.n0!.step.length).to.equal(
      result.counts[0]!.subarray(0, 16).reduce((sum, count) => sum + count, 0),
    );
    expect(potentials!.out).to.have.length(100);
    await bridge.close();
    expect(await suite.left()).to.deep.equal([]);
  });

  it('refuses what the chip has not', async () => {
    const error = await refusal(openBridge(start()));
    expect(error).to.include({ code: 'E_UNSUPPORTED' });
    expect(error.message).to.contain("expected zero, received 'subtraction'");
    expect(await suite.left()).to.deep.equal([]);
  });
});
