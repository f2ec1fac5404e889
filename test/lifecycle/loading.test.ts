import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect } from 'chai';
import { isErrorCode } from '../../ts/errors.js';
import { addon } from '../../ts/native.js';
import { Simulator, decodings, encodings, resets, semanticsNames } from '../../ts/simulator.js';
import { randomGraph, randomNetwork, uniforms } from '../conformance/random-nets.js';
import { repositoryRoot } from '../scripts/repository.js';
import { runProgram } from './child.js';

const built = process.env.SPIQ_ADDON ?? path.join(repositoryRoot, 'build', 'Release', 'spiq.node');

async function outOfWorker(): Promise<Float32Array> {
  const worker = new Worker(new URL('./short-job.js', import.meta.url));
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

describe('lifecycle: loading the addon', () => {
  let folder: string;
  let copy: string;
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-loading-'));
    copy = path.join(folder, 'other.node');
    copyFileSync(built, copy);
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('in several workers at once, with the same results as here', async function () {
    this.timeout(30_000);
    const simulator = new Simulator(randomNetwork([4, 33, 3]), { steps: 200, encoding: 'poisson' });
    const { out } = simulator.runSync(uniforms(4 * 50, 0, 1, 5), { seed: 3 });
    expect(out.some((value) => value !== 0)).to.equal(true);
    for (const theirs of await Promise.all(Array.from({ length: 6 }, outOfWorker))) {
      expect(theirs).to.deep.equal(out);
    }
  });

  it('twice in one process, from two files', async () => {
    const other = createRequire(import.meta.url)(copy) as ReturnType<typeof addon>;
    expect(other).to.not.equal(addon());
    const graph = randomGraph([4, 33, 3]);
    const observations = uniforms(4 * 50, 0, 1, 5);
    const outs = [addon(), other].map(({ Graph, Simulator: Native }) => {
      const native = new Native(new Graph(graph), { steps: 200, threads: 2 });
      return native.run({ observations, rows: 50 }).promise;
    });
    const [one, two] = await Promise.all(outs);
    expect(two!.out).to.deep.equal(one!.out);
  });

  it('from the file that SPIQ_ADDON names', () => {
    const program = 'console.log(randomNetwork([2, 1]).inputSize)';
    const found = runProgram(program, [], { SPIQ_ADDON: copy });
    expect(found.stdout, found.stderr).to.equal('2\n');
    const missing = path.join(folder, 'missing.node');
    const { stderr } = runProgram(program, [], { SPIQ_ADDON: missing });
    expect(stderr).to.contain(`the native addon is not built (${missing}): run 'npm run build'`);
    expect(stderr).to.contain("code: 'E_ENVIRONMENT'");
    expect(runProgram(program, [], { SPIQ_ADDON: import.meta.filename }).stderr).to.contain(
      'cannot be loaded',
    );
  });

  it('names options as the façade does, and no error code that it does not know', () => {
    const info = addon().info();
    expect(info.semantics).to.deep.equal(semanticsNames);
    expect(info.encodings).to.deep.equal(encodings);
    expect(info.decodings).to.deep.equal(decodings);
    expect(info.resets).to.deep.equal(resets);
    expect(info.errorCodes.length).to.be.greaterThan(8);
    expect(info.errorCodes.filter((code) => !isErrorCode(code))).to.deep.equal([]);
  });
});
