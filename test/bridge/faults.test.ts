import { expect } from 'chai';
import { isRunning, timeToEnd } from '../support/processes.js';
import { refusal } from '../support/refusal.js';
import { fakeSuite, randomRows, smallNetwork, type Fault } from './support.js';

/** What the fake worker does, and what the caller is told. */
const wrongAnswers: readonly (readonly [on: string, what: string, code: string, says: string])[] = [
  ['hello', 'version', 'E_VERSION', 'protocol of the worker'],
  ['hello', 'newer-header', 'E_VERSION', "header 'v'"],
  ['hello', 'no-caps', 'E_PROTOCOL', "welcome 'caps'"],
  ['hello', 'noise', 'E_PROTOCOL', 'JSON in UTF-8'],
  ['hello', 'token', 'E_AUTH', 'token of hello'],
  ['sim.build', 'other-type', 'E_PROTOCOL', "expected sim.built, received 'env.made'"],
  ['sim.build', 'memory-error', 'E_MEMORY', 'too little memory'],
  ['sim.build', 'backend-error', 'E_BACKEND', 'NESTError: on purpose'],
  ['sim.run', 'noise', 'E_PROTOCOL', 'JSON in UTF-8'],
  ['sim.run', 'nothing', 'E_PROTOCOL', 'JSON in UTF-8'],
  ['sim.run', 'other-type', 'E_PROTOCOL', 'sim.result'],
  ['sim.run', 'no-tensors', 'E_PROTOCOL', "tensor 'potentials'"],
  ['sim.run', 'short-tensor', 'E_PROTOCOL', 'frames'],
  ['sim.run', 'wrong-shape', 'E_PROTOCOL', "tensor 'potentials'"],
  ['sim.run', 'nan', 'E_NOT_FINITE', "tensor 'potentials'"],
  ['sim.run', 'large-header', 'E_TOO_LARGE', 'header'],
  ['sim.run', 'wrong-count', 'E_MISMATCH', 'self-test of the back end'],
];

describe('a back end that misbehaves', () => {
  const suite = fakeSuite();
  const rows = randomRows(1, 3);

  for (const [on, what, code, says] of wrongAnswers) {
    it(`is refused by name, and ended: ${on}, ${what}`, async () => {
      const error = await refusal(suite.open({ on, what }));
      expect(error).to.include({ code });
      expect(error.message).to.contain(says);
      expect(suite.left()).to.deep.equal([]);
    });
  }

  for (const what of ['crash', 'abort']) {
    it(`in a run is started again, and the run repeated: ${what}`, async () => {
      const reasons: string[] = [];
      const fault: Fault = { on: 'sim.run', what, once: true };
      const onRestart = ({ code }: { code: string }): void => void reasons.push(code);
      const bridge = await suite.open(fault, { probes: false, onRestart });
      const healthy = await suite.open(undefined);
      const [one, other] = [await bridge.run(rows), await healthy.run(rows)];
      expect(one.counts).to.deep.equal(other.counts);
      expect(one.potentials).to.deep.equal(other.potentials);
      expect(reasons).to.deep.equal(['E_CRASH']);
      expect(bridge.restarts).to.equal(1);
      await bridge.close();
      await healthy.close();
    });
  }

  for (const what of ['hang', 'stop', 'late']) {
    it(`that does not answer in time is ended, and the run repeated: ${what}`, async () => {
      const fault: Fault = { on: 'sim.run', what, once: true };
      const bridge = await suite.open(fault, { probes: false, deadlineMs: 400 });
      expect((await bridge.run(rows)).rows).to.equal(1);
      expect(bridge.restarts).to.equal(1);
      await bridge.close();
    });
  }

  it('that breaks off a large message is ended by the deadline', async function () {
    this.timeout(30_000);
    const fault: Fault = { on: 'sim.evaluate', what: 'oversized', once: true };
    const bridge = await suite.open(fault, { deadlineMs: 2000 });
    const error = await refusal(bridge.evaluate(rows));
    expect(error).to.include({ code: 'E_PROTOCOL' });
    expect((await bridge.evaluate(rows)).rows).to.equal(1);
    await bridge.close();
  });

  it('that crashes whenever it runs is given up', async function () {
    this.timeout(30_000);
    const bridge = await suite.open({ on: 'sim.run', what: 'crash' }, { probes: false });
    // Workers that are started again get the fault too.
    const error = await suite.withFault({ on: 'sim.run', what: 'crash' }, async () =>
      refusal(bridge.run(rows)),
    );
    expect(error).to.include({ code: 'E_CRASH', signal: 'SIGKILL' });
    expect(error.message).to.contain('given up after 3 restarts');
    await bridge.close();
    expect(suite.left()).to.deep.equal([]);
  });

  it('that failed in no known state is started from nothing before it runs again', async () => {
    const fault: Fault = { on: 'sim.run', what: 'backend-error', once: true };
    const bridge = await suite.open(fault, { probes: false });
    expect(await refusal(bridge.run(rows))).to.include({ code: 'E_BACKEND', state: 'broken' });
    expect((await bridge.run(rows)).rows).to.equal(1);
    await bridge.close();
  });

  it('breaks a long simulation off, and is of use afterwards', async () => {
    const bridge = await suite.open({ on: 'sim.run', what: 'slow', once: true }, { probes: false });
    const controller = new AbortController();
    const start = performance.now();
    setTimeout(() => controller.abort(), 100);
    const error = await refusal(bridge.run(rows, controller));
    expect(error).to.include({ code: 'E_CANCELLED' });
    expect(performance.now() - start).to.be.lessThan(600);
    expect((await bridge.run(rows)).rows).to.equal(1);
    expect(bridge.restarts).to.equal(0);
    await bridge.close();
  });

  it('that does not break off is ended, and started again for the next call', async () => {
    const bridge = await suite.open({ on: 'sim.run', what: 'deaf', once: true }, { probes: false });
    const controller = new AbortController();
    const start = performance.now();
    setTimeout(() => controller.abort(), 100);
    expect(await refusal(bridge.run(rows, controller))).to.include({ code: 'E_CANCELLED' });
    expect(performance.now() - start).to.be.lessThan(1200);
    expect((await bridge.run(rows)).rows).to.equal(1);
    expect(bridge.restarts).to.equal(1);
    await bridge.close();
  });

  it('is ended with its bridge, and with a build that is cancelled', async () => {
    const { openBackend } = await import('../../ts/bridge/open.js');
    const fault: Fault = { on: 'sim.build', what: 'hang', once: true };
    const backend = await suite.withFault(fault, async () =>
      openBackend({ backend: 'reference', python: suite.python }),
    );
    const [pid] = backend.pids;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 100);
    const loading = backend.load({ network: smallNetwork(), steps: 20, signal: controller.signal });
    expect(await refusal(loading)).to.include({ code: 'E_CANCELLED' });
    expect(await timeToEnd(pid!, 1000)).to.be.lessThan(1000);
    const bridge = await backend.load({ network: smallNetwork(), steps: 20 });
    expect((await bridge.run(rows)).rows).to.equal(1);
    const [second] = backend.pids;
    await backend.close();
    expect(isRunning(second!)).to.equal(false);
    expect(suite.left()).to.deep.equal([]);
  });
});
