import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { addon } from '../../ts/native.js';
import { repositoryRoot } from '../scripts/repository.js';

function moduleUrl(...parts: string[]): string {
  return pathToFileURL(path.join(repositoryRoot, 'dist', ...parts)).href;
}

const program = `
import { Simulator } from '${moduleUrl('ts', 'index.js')}';
import { randomNetwork, uniforms } from '${moduleUrl('test', 'conformance', 'random-nets.js')}';
try {
  const network = randomNetwork([5, 33, 17, 3]);
  const x = uniforms(40, 0, 1, 3);
  const { out, totalSpikes } = new Simulator(network, { steps: 80 }).runSync(x);
  console.log(JSON.stringify({ out: [...out], totalSpikes: [...totalSpikes], q: [...network.forwardSync(x)] }));
} catch (error) {
  console.log(JSON.stringify({ name: error.name, code: error.code, message: error.message }));
}`;

function run(isa: string | undefined): string {
  const env = { ...process.env };
  delete env.SPIQ_ISA;
  if (isa !== undefined) env.SPIQ_ISA = isa;
  const args = ['--input-type=module', '--eval', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  expect(status, stderr).to.equal(0);
  return stdout;
}

describe('conformance: SPIQ_ISA', () => {
  it('gives the same answer with every instruction set as with none named', () => {
    const unset = run(undefined);
    expect((JSON.parse(unset) as { totalSpikes: number[] }).totalSpikes).to.have.length(8);
    for (const isa of ['auto', ...addon().info().isas]) expect(run(isa), isa).to.equal(unset);
  });

  it('refuses an unknown name with the names there are', () => {
    const error = JSON.parse(run('sse9')) as { name: string; code: string; message: string };
    expect(error).to.include({ name: 'SpiqError', code: 'E_ARGUMENT' });
    expect(error.message).to.match(
      /expected one that this machine has \(auto, baseline.*received 'sse9'/,
    );
  });
});
