import { expect } from 'chai';
import { runProgram } from './child.js';

/** Milliseconds from the moment that ends a job to the end of its process or thread. */
const patience = 2000;

describe('lifecycle: the end of a process or thread with a running job', () => {
  it('process.exit does not wait for the job', function () {
    this.timeout(20_000);
    const { status, signal, stdout, stderr } = runProgram(`
      endless().run(rows()).catch(() => {});
      process.on('exit', () => console.log(Date.now()));
      setTimeout(() => process.exit(7), 200);
    `);
    const ended = Date.now();
    expect(signal, 'killed, for it did not end').to.equal(null);
    expect(status, stderr).to.equal(7);
    expect(ended - Number(stdout)).to.be.lessThan(patience);
  });

  it('a process ends by itself once its job is cancelled', function () {
    this.timeout(20_000);
    const { status, signal, stdout, stderr } = runProgram(`
      const controller = new AbortController();
      endless().run(rows(), { signal: controller.signal }).catch(({ code }) => console.log(code));
      setTimeout(() => { console.log(Date.now()); controller.abort(); }, 200);
    `);
    const ended = Date.now();
    expect(signal, 'killed, for it did not end').to.equal(null);
    expect(status, stderr).to.equal(0);
    const [time, code] = stdout.trim().split('\n');
    expect(code).to.equal('E_CANCELLED');
    expect(ended - Number(time)).to.be.lessThan(patience);
  });

  it('an error that nobody catches ends the process in spite of the job', function () {
    this.timeout(20_000);
    const { status, signal, stderr } = runProgram(`
      endless().run(rows()).catch(() => {});
      setTimeout(() => { throw new Error('on purpose'); }, 200);
    `);
    expect(signal, 'killed, for it did not end').to.equal(null);
    expect(status).to.equal(1);
    expect(stderr).to.contain('on purpose');
  });

  it('a worker is terminated in the middle of its job, and the process lives on', function () {
    this.timeout(20_000);
    const { status, signal, stdout, stderr } = runProgram(`
      import { Worker } from 'node:worker_threads';
      const job = \`
        import('${import.meta.resolve('./endless-job.js')}');
      \`;
      const worker = new Worker(job, { eval: true });
      worker.once('message', () => setTimeout(async () => {
        const before = Date.now();
        await worker.terminate();
        console.log(Date.now() - before);
        const simulator = new Simulator(randomNetwork([2, 3, 1]), { steps: 10 });
        console.log((await simulator.run(new Float32Array(2))).rows);
      }, 200));
    `);
    expect(signal, `crashed, or killed, for it did not end: ${stderr}`).to.equal(null);
    expect(status, stderr).to.equal(0);
    const [time, served] = stdout.trim().split('\n').map(Number);
    expect(time).to.be.lessThan(patience);
    expect(served).to.equal(1);
  });

  it('a worker ends with its job unawaited and finished', function () {
    this.timeout(20_000);
    const { status, signal, stdout, stderr } = runProgram(`
      import { Worker } from 'node:worker_threads';
      const job = \`
        import('${import.meta.resolve('./short-job.js')}');
      \`;
      for (let i = 0; i < 5; i += 1) {
        const code = await new Promise((resolve) => new Worker(job, { eval: true }).once('exit', resolve));
        console.log(code);
      }
    `);
    expect(signal, stderr).to.equal(null);
    expect(status, stderr).to.equal(0);
    expect(stdout.trim().split('\n')).to.deep.equal(['0', '0', '0', '0', '0']);
  });
});
