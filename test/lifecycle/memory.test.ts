import { expect } from 'chai';
import { runProgram } from './child.js';

/** Megabytes; a leak of one simulator or result in each round would be several times as much. */
const mostGrowth = 60;

function growth(body: string): number {
  const { status, stdout, stderr } = runProgram(
    `
    const network = randomNetwork([64, 256, 256, 4]);
    const x = uniforms(64 * 50, 0, 1, 2);
    const round = async () => { ${body} };
    const settle = async () => { for (let i = 0; i < 5; i += 1) { globalThis.gc(); await new Promise((r) => setTimeout(r, 10)); } };
    for (let i = 0; i < 100; i += 1) await round();
    await settle();
    const before = process.memoryUsage.rss();
    for (let i = 0; i < 600; i += 1) { await round(); if (i % 50 === 0) await settle(); }
    await settle();
    console.log((process.memoryUsage.rss() - before) / 2 ** 20);
    `,
    ['--expose-gc'],
  );
  expect(status, stderr).to.equal(0);
  return Number(stdout);
}

describe('lifecycle: memory', () => {
  const programs: Record<string, string> = {
    'networks, simulators and runs': `
      const simulator = new Simulator(Network.fromGraph(network.graph), { steps: 2 });
      simulator.runSync(x.subarray(0, 128), { record: { counts: true } });`,
    'asynchronous runs with traces, borrowed and into': `
      const simulator = new Simulator(network, { steps: 5 });
      const into = new Float32Array(200);
      await simulator.run(x, { record: { trace: true }, borrow: true, into });`,
    'streams, saved, restored, stepped off the thread, closed or left': `
      const simulator = new Simulator(network, { steps: 2 });
      const [one, other] = [simulator.stream({ rows: 50 }), simulator.stream({ rows: 50 })];
      one.step(x, 2, { record: { raster: true, potentials: true } });
      other.restore(one.save());
      await other.advance(x, 2);
      one.close();`,
    'runs that fail or are cancelled': `
      const controller = new AbortController();
      const job = new Simulator(network, { steps: 10_000_000 }).run(x, { signal: controller.signal, borrow: true }).catch(() => {});
      controller.abort();
      await job;
      await network.forward(new Float32Array(64).fill(NaN)).catch(() => {});`,
  };
  for (const [what, body] of Object.entries(programs)) {
    it(`does not grow over many ${what}`, function () {
      this.timeout(30_000);
      expect(growth(body), 'MiB').to.be.lessThan(mostGrowth);
    });
  }

  it('does not grow over ten thousand simulators that are run and closed', function () {
    this.timeout(60_000);
    const { status, stdout, stderr } = runProgram(
      `
      const network = randomNetwork([64, 256, 256, 4]);
      const [x, out] = [uniforms(64, 0, 1, 2), new Float32Array(4)];
      const cycles = async (count) => {
        for (let i = 1; i <= count; i += 1) {
          const simulator = new Simulator(network, { steps: 2 });
          simulator.runInto(x, out);
          const stream = simulator.stream();
          stream.step(x, 2);
          stream.close();
          simulator.close();
          if (i % 500 !== 0) continue;
          // What JavaScript itself holds, results and handles, goes with its collector and a turn of the event loop.
          globalThis.gc();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
        return process.memoryUsage.rss();
      };
      const before = await cycles(500);
      console.log(((await cycles(10_000)) - before) / 2 ** 20);
      `,
      ['--expose-gc'],
    );
    expect(status, stderr).to.equal(0);
    // Five hundred simulators' weights would be 165 MiB.
    expect(Number(stdout), 'MiB').to.be.lessThan(mostGrowth);
  });

  it('a long run that a signal ends gives its memory back', function () {
    this.timeout(30_000);
    const { status, stdout, stderr } = runProgram(
      `
      const network = randomNetwork([64, 256, 256, 4]);
      const many = 200;
      const x = uniforms(64 * many, 0, 1, 2);
      const megabytes = () => process.memoryUsage.rss() / 2 ** 20;
      const before = megabytes();
      const controller = new AbortController();
      let most = 0;
      const watch = setInterval(() => {
        most = Math.max(most, megabytes());
        if (most > before + 300) controller.abort();
      }, 1);
      const simulator = new Simulator(network, { steps: 1000 });
      const code = await simulator.run(x, { record: { trace: true }, signal: controller.signal }).then(
        () => 'done',
        (error) => error.code,
      );
      clearInterval(watch);
      globalThis.gc();
      console.log(JSON.stringify({ code, grown: most - before, left: megabytes() - before }));
      `,
      ['--expose-gc'],
    );
    expect(status, stderr).to.equal(0);
    const { code, grown, left } = JSON.parse(stdout) as {
      code: string;
      grown: number;
      left: number;
    };
    expect(code).to.equal('E_CANCELLED');
    expect(grown, 'MiB before the signal').to.be.greaterThan(300);
    expect(left, 'MiB after it').to.be.lessThan(100);
  });

  it('sees a leak', function () {
    this.timeout(30_000);
    const kept = '(globalThis.kept ??= []).push(new Simulator(network, { steps: 1 }));';
    expect(growth(kept), 'MiB').to.be.greaterThan(mostGrowth);
  });
});
