import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';

const network = randomNetwork([2, 3, 1]);
const x = uniforms(2 * 4, 0, 1, 2);

describe('lifecycle: closing a simulator', () => {
  it('refuses every later call, and closing it again is no error', async () => {
    const simulator = new Simulator(network);
    simulator.close();
    simulator.close();
    const calls: Record<string, () => unknown> = {
      run: () => simulator.run(x),
      runSync: () => simulator.runSync(x),
      runInto: () => simulator.runInto(x, new Float32Array(4)),
      stream: () => simulator.stream(),
    };
    for (const [name, call] of Object.entries(calls)) {
      const error = await Promise.resolve()
        .then(call)
        .then(
          () => undefined,
          (reason: unknown) => reason,
        );
      expect(error, name).to.be.instanceOf(SpiqError).with.property('code', 'E_STATE');
      expect((error as SpiqError).message, name).to.contain('expected an open one');
    }
  });

  it('lets jobs and streams that go on come to their end', async () => {
    const kept = new Simulator(network);
    const closed = new Simulator(network);
    const stream = closed.stream({ rows: 4 });
    const job = closed.run(x);
    closed.close();
    stream.step(x, 100);
    expect((await job).out).to.deep.equal(kept.runSync(x).out);
    expect(stream.decode().out).to.deep.equal(kept.runSync(x).out);
  });
});
