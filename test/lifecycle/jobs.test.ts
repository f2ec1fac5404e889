import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { convert } from '../../ts/convert/index.js';
import { Simulator } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';
import { runProgram } from './child.js';

const network = randomNetwork([2, 3, 1]);
const endless = new Simulator(network, { steps: 10_000_000 });
const manyRows = new Float32Array(2 * 20_000).fill(1);

async function failure(promise: Promise<unknown>): Promise<SpiqError> {
  try {
    await promise;
  } catch (error) {
    expect(error).to.be.instanceOf(SpiqError);
    return error as SpiqError;
  }
  throw new Error('expected a rejection, and the promise was fulfilled');
}

describe('lifecycle: jobs', () => {
  it('a signal aborted beforehand ends the call before it begins', async () => {
    const reason = new Error('changed my mind');
    const error = await failure(endless.run(manyRows, { signal: AbortSignal.abort(reason) }));
    expect(error.code).to.equal('E_CANCELLED');
    expect(error.cause).to.equal(reason);
  });

  it('a signal ends a simulation, a forward pass and a conversion on the way', async () => {
    const rows = new Float32Array(64 * 20_000).fill(0.5);
    const wide = randomNetwork([64, 1024, 1024, 4]);
    const calls: ((signal: AbortSignal) => Promise<unknown>)[] = [
      async (signal) => endless.run(manyRows, { signal }),
      async (signal) => wide.forward(rows, { signal }),
      async (signal) => convert(wide, { calibration: rows, signal }),
    ];
    for (const call of calls) {
      const controller = new AbortController();
      const job = failure(call(controller.signal));
      setTimeout(() => controller.abort('enough'), 50);
      const before = performance.now();
      const error = await job;
      expect(error.code).to.equal('E_CANCELLED');
      expect(error.cause).to.equal('enough');
      expect(performance.now() - before, 'milliseconds').to.be.lessThan(3000);
    }
  });

  it('one signal ends many jobs, and leaves no listener behind', async () => {
    const controller = new AbortController();
    const jobs = Array.from({ length: 8 }, async () =>
      failure(endless.run(manyRows, { signal: controller.signal })),
    );
    setTimeout(() => controller.abort(), 50);
    for (const error of await Promise.all(jobs)) expect(error.code).to.equal('E_CANCELLED');
    const quick = new Simulator(network, { steps: 5 });
    expect(
      (await quick.run(Float32Array.of(1, 1), { signal: new AbortController().signal })).rows,
    ).to.equal(1);
  });

  it('progress is called, rises and reaches the total', async () => {
    const rows = 40;
    const steps = 4_000_000;
    const seen: [number, number][] = [];
    const simulator = new Simulator(network, { steps });
    await simulator.run(manyRows.subarray(0, 2 * rows), {
      onProgress: (...pair) => seen.push(pair),
    });
    expect(seen.length, 'calls').to.be.at.least(2);
    seen.forEach(([done, total], i) => {
      expect(done).to.be.at.least(seen[i - 1]?.[0] ?? 0);
      expect(done).to.be.at.most(total);
    });
    expect(seen.at(-1)).to.deep.equal([rows * steps, rows * steps]);
  });

  it('a progress function that throws rejects the call and does not end the process', function () {
    this.timeout(20_000);
    const { status, stdout, stderr } = runProgram(`
      const onProgress = () => { throw new Error('mine'); };
      await endless().run(rows(), { onProgress }).catch((error) => console.log(error.message, error.cause?.message));
      console.log('alive');
    `);
    expect(status, stderr).to.equal(0);
    expect(stdout).to.match(/mine[^]*alive/);
  });

  it('two hundred jobs at once', async () => {
    const simulator = new Simulator(randomNetwork([3, 17, 2]), { steps: 50, encoding: 'poisson' });
    const x = uniforms(3 * 20, 0, 1, 1);
    const expected = Array.from({ length: 200 }, (_, seed) => simulator.runSync(x, { seed }).out);
    const found = await Promise.all(
      expected.map(async (_, seed) => (await simulator.run(x, { seed })).out),
    );
    expect(found).to.deep.equal(expected);
    expect(expected[0]).to.not.deep.equal(expected[1]);
  });

  it('the event loop runs on while a job does', async () => {
    const controller = new AbortController();
    const job = failure(endless.run(manyRows, { signal: controller.signal }));
    let ticks = 0;
    const timer = setInterval(() => (ticks += 1), 5);
    await new Promise((resolve) => setTimeout(resolve, 300));
    clearInterval(timer);
    controller.abort();
    await job;
    expect(ticks).to.be.greaterThan(5);
  });
});
