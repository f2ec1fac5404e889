import { expect } from 'chai';
import { fail, observations, succeed, succeedJson } from './spiq.js';
import { Workspace } from './workspace.js';

interface Summary {
  readonly anytime?: readonly { steps: number; agreement: number }[];
  readonly exit?: { meanSteps: number; saving: number; disagreement: number };
  readonly operations?: {
    layers: readonly { name: string; accumulates: number; multiplyAccumulates: number }[];
    floatMultiplyAccumulates: number;
    energy: { unit: string; spiking: number; float: number };
  };
}

describe('command line: simulate on the way to T', function () {
  this.timeout(60_000);
  const work = new Workspace();
  let simulate: string[] = [];
  before(async () => {
    const snn = await work.convertExample();
    simulate = ['simulate', snn, '--obs', observations, '-T', '50'];
  });

  it('prints agreement and saving with --anytime and --exit-margin', async () => {
    const flags = ['--anytime', '--exit-margin', '0.02', '--exit-patience', '2'];
    const { stdout } = await succeed([...simulate, ...flags]);
    expect(stdout).to.match(/steps +same action as at T = 50 +saving\n5 /);
    expect(stdout).to.match(/\n50 +100\.00 % +0\.00 %\nearly exit: .* of 50 steps each, saving /);
    const { anytime, exit } = await succeedJson<Summary>([...simulate, ...flags]);
    expect(anytime!.map(({ steps }) => steps)).to.deep.equal([
      5, 10, 15, 20, 25, 30, 35, 40, 45, 50,
    ]);
    expect(anytime!.at(-1)!.agreement).to.equal(1);
    expect(exit!.saving).to.be.closeTo(1 - exit!.meanSteps / 50, 1e-9);
    expect(exit!.saving).to.be.greaterThan(0);
    expect(exit!.disagreement).to.be.within(0, 1);
  });

  it('prints operations and energies with --operations', async () => {
    const { stdout } = await succeed([...simulate, '--operations']);
    expect(stdout).to.match(/layer +accumulates +multiply-accumulates/);
    expect(stdout).to.match(/float network: .* multiply-accumulates\narithmetic alone, 45 nm: /);
    const { operations, anytime, exit } = await succeedJson<Summary>([...simulate, '--operations']);
    expect([anytime, exit]).to.deep.equal([undefined, undefined]);
    expect(operations!.layers[0]!.accumulates).to.equal(0);
    expect(operations!.layers[0]!.multiplyAccumulates).to.be.greaterThan(0);
    expect(operations!.layers[1]!.accumulates).to.be.greaterThan(0);
    expect(operations!.energy.float).to.equal(operations!.floatMultiplyAccumulates * 4.6);
  });

  it('refuses a patience without a margin', async () => {
    const stderr = await fail([...simulate, '--exit-patience', '2'], 'E_USAGE');
    expect(stderr).to.contain('expected --exit-margin X');
  });
});
