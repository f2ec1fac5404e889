import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { Simulator } from '../../ts/simulator.js';
import type { AsyncRunOptions, SimulationResult } from '../../ts/simulator.js';
import { randomNetwork, uniforms } from '../conformance/random-nets.js';
import { runProgram } from './child.js';

const network = randomNetwork([4, 9, 2]);
const rows = 2000;
const simulator = new Simulator(network, { steps: 200 });
const make = (): Float32Array<ArrayBuffer> => Float32Array.from(uniforms(4 * rows, 0, 1, 2));
const truth = Float32Array.from(simulator.runSync(make()).out);

async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'fulfilled';
  } catch (error) {
    expect(error, String(error)).to.be.instanceOf(SpiqError);
    return (error as SpiqError).code;
  }
}

async function run(
  observations: Float32Array,
  options: AsyncRunOptions,
): Promise<SimulationResult> {
  return simulator.run(observations, options);
}

describe('lifecycle: borrowed buffers', () => {
  it('without borrow the observations may change at once', async () => {
    const observations = make();
    const job = run(observations, {});
    observations.fill(0);
    expect((await job).out).to.deep.equal(truth);
  });

  it('any number of jobs read a borrowed buffer', async () => {
    const observations = make();
    const jobs = Array.from({ length: 4 }, async () => run(observations, { borrow: true }));
    for (const { out } of await Promise.all(jobs)) expect(out).to.deep.equal(truth);
  });

  it("'into' receives the output and is the result's own", async () => {
    const into = new Float32Array(2 * rows);
    const { out } = await run(make(), { into });
    expect(out).to.equal(into);
    expect(into).to.deep.equal(truth);
  });

  it('a buffer being written refuses readers and writers, overlapping ones included', async () => {
    const memory = new ArrayBuffer(4 * (2 * rows + 4 * rows));
    const into = new Float32Array(memory, 0, 2 * rows);
    const job = run(make(), { into });
    expect(await codeOf(run(make(), { into }))).to.equal('E_BUFFER_BUSY');
    const overlap = new Float32Array(memory, 4 * (2 * rows - 1), 4 * rows);
    expect(await codeOf(run(overlap, { borrow: true }))).to.equal('E_BUFFER_BUSY');
    const beside = new Float32Array(memory, 4 * 2 * rows, 4 * rows);
    expect(await codeOf(run(beside, { borrow: true }))).to.equal('fulfilled');
    await job;
  });

  it('a buffer being read refuses a writer, one of the same call included', async () => {
    const observations = make();
    const reader = run(observations, { borrow: true });
    const into = observations.subarray(0, 2 * rows);
    expect(await codeOf(run(make(), { into }))).to.equal('E_BUFFER_BUSY');
    await reader;
    expect(await codeOf(run(observations, { borrow: true, into }))).to.equal('E_BUFFER_BUSY');
    expect(await codeOf(run(make(), { into }))).to.equal('fulfilled');
  });

  it('a lease ends with its job, be it done, cancelled or refused', async () => {
    const [observations, into] = [make(), new Float32Array(2 * rows)];
    const controller = new AbortController();
    const long = new Simulator(network, { steps: 10_000_000 });
    const job = long.run(observations, { borrow: true, into, signal: controller.signal });
    controller.abort();
    expect(await codeOf(job)).to.equal('E_CANCELLED');
    const bad = Float32Array.from(observations).fill(NaN);
    expect(await codeOf(run(bad, { borrow: true, into }))).to.equal('E_NOT_FINITE');
    expect(await codeOf(run(observations, { borrow: true, into: new Float32Array(3) }))).to.equal(
      'E_ARGUMENT',
    );
    expect((await run(observations, { borrow: true, into })).out).to.deep.equal(truth);
  });

  it('a borrowed buffer cannot be transferred away', async () => {
    const observations = make();
    const job = run(observations, { borrow: true });
    try {
      structuredClone(observations, { transfer: [observations.buffer] });
    } catch (error) {
      expect(error).to.have.property('name', 'DataCloneError');
    }
    expect(observations, 'still here').to.have.length(4 * rows);
    expect((await job).out).to.deep.equal(truth);
  });

  it("'into' transferred away while the job runs is an error", async () => {
    const into = new Float32Array(2 * rows);
    const job = run(make(), { into });
    const moved = structuredClone(into, { transfer: [into.buffer] });
    expect(await codeOf(job)).to.equal('E_STATE');
    expect(moved.some((value) => value !== 0)).to.equal(false);
  });

  it('a resizable buffer that shrinks while it is borrowed does no harm', function () {
    this.timeout(20_000);
    const { signal, status, stderr } = runProgram(`
      const memory = new ArrayBuffer(1 << 20, { maxByteLength: 1 << 21 });
      const observations = new Float32Array(memory).fill(1);
      const simulator = new Simulator(randomNetwork([2, 3, 1]), { steps: 2000 });
      const job = simulator.run(observations, { borrow: true });
      setTimeout(() => memory.resize(0), 20);
      await job.catch(({ code }) => { if (!code.startsWith('E_')) process.exitCode = 1; });
    `);
    expect(signal, `crashed: ${stderr}`).to.equal(null);
    expect(status, stderr).to.equal(0);
  });

  it('shared memory serves as observations and as output, or is refused by name', async () => {
    const shared = (source: Float32Array): Float32Array => {
      const view = new Float32Array(new SharedArrayBuffer(source.byteLength));
      view.set(source);
      return view;
    };
    expect((await run(shared(make()), {})).out).to.deep.equal(truth);
    const codes = ['fulfilled', 'E_ARGUMENT', 'E_UNSUPPORTED'];
    expect(await codeOf(run(shared(make()), { borrow: true }))).to.be.oneOf(codes);
    expect(await codeOf(run(make(), { into: shared(truth) }))).to.be.oneOf(codes);
  });

  it('a detached buffer has no rows', async () => {
    const observations = make();
    structuredClone(observations, { transfer: [observations.buffer] });
    expect(await codeOf(run(observations, {}))).to.equal('E_SHAPE');
  });
});
