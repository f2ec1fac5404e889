import { expect } from 'chai';
import { askEngine, enginePython, expectAllOk, type EngineProfile } from './python-engines.js';
import { spiqNets } from './spiq-nets.js';

/** What differs between a back end and numpy, in one network. */
interface Difference {
  readonly spikes: number;
  readonly counts: number;
  readonly rasters: number;
  readonly potentials: number;
}

interface Case {
  readonly seed: number;
  readonly reset: string;
  readonly semantics: string;
  readonly weights: string;
  readonly readout: string;
  readonly sparse: boolean;
  readonly theta: number | null;
  readonly copies: number;
  readonly steps: number;
  readonly epsilon: number;
}

/** Every combination of what a network may be; the rest goes round beside it. */
function cases(): Case[] {
  const all: Case[] = [];
  for (const reset of ['subtraction', 'zero'])
    for (const semantics of ['direct', 'dsqn'])
      for (const weights of ['grid', 'dyadic', 'real'])
        for (const readout of ['potential', 'spikes'])
          for (const sparse of [false, true]) {
            const seed = all.length;
            // Under `dsqn` a spike takes 1, which NEST's neuron does with a threshold of 1 alone.
            const ownThresholds = semantics === 'direct' && seed % 3 === 0;
            all.push({
              ...{ seed, reset, semantics, weights, readout, sparse },
              theta: ownThresholds ? null : 1,
              copies: seed % 2 === 0 ? 1 : 5,
              steps: [30, 50, 3, 2, 1][seed % 5]!,
              // Exact ties stand without it.
              epsilon: weights === 'dyadic' ? [0, 1e-9, 1e-5][seed % 3]! : 1e-9,
            });
          }
  return all;
}

async function expectEqual(
  profile: EngineProfile,
  backend: string,
  chosen: readonly Case[],
): Promise<void> {
  const found = await askEngine(profile, 'engine_checks.py', [], { backend, cases: chosen });
  const differences = found as Difference[];
  chosen.forEach((given, k) => {
    const { counts, rasters, potentials } = differences[k]!;
    const what = JSON.stringify(given);
    expect({ counts, rasters }, what).to.deep.equal({ counts: 0, rasters: 0 });
    expect(potentials, what).to.be.at.most(1e-11);
  });
  const spikes = differences.reduce((sum, difference) => sum + difference.spikes, 0);
  expect(spikes).to.be.greaterThan(50 * chosen.length);
}

describe('simulators of the worker', function () {
  this.timeout(300_000);
  before(async () => {
    // Their first use installs them.
    for (const profile of ['nest', 'brian2', 'spinnaker'] as const) await enginePython(profile);
  });

  it('numpy gives the spikes and potentials of spiq in float64, bit for bit', async () => {
    const nets = spiqNets();
    const found = await askEngine('nest', 'spiq_checks.py', ['reference'], nets);
    expect(found).to.deep.equal(nets.map(() => ({ counts: 0, potentials: 0 })));
  });

  it('NEST fires as numpy does', async () => {
    await expectEqual('nest', 'nest', cases());
  });

  it('NEST through PyNN fires as numpy does', async () => {
    await expectEqual(
      'nest',
      'pynn-nest',
      cases().filter(({ seed }) => seed % 2 === 1),
    );
  });

  it('Brian2 fires as numpy does', async () => {
    await expectEqual(
      'brian2',
      'brian2',
      cases()
        .filter(({ seed }) => seed % 5 === 0)
        .map((given) => ({ ...given, steps: 20 })),
    );
  });

  it('NEST that fails is built anew, and memory stays flat', async () => {
    await expectAllOk('nest', 'nest_checks.py', ['nest'], 1);
  });

  for (const backend of ['reference', 'nest'])
    it(`a worker with ${backend} is cancelled, refuses and keeps networks apart`, async () => {
      await expectAllOk('nest', 'worker_checks.py', [backend], 12);
    });

  it('workers with PyNN and Brian2 are cancelled as well', async () => {
    const check = 'is_cancelled_between_slices_and_goes_on';
    await expectAllOk('nest', 'worker_checks.py', ['pynn-nest', check], 1);
    await expectAllOk('brian2', 'worker_checks.py', ['brian2', check], 1);
  });

  it('listens where it may, and to those that it may', async () => {
    await expectAllOk('nest', 'endpoint_checks.py', [], 11);
  });

  it('waits wide awake for what follows at once', async () => {
    await expectAllOk('nest', 'wait_checks.py', [], 3);
  });

  it('sPyNNaker maps networks for a board that is not there', async () => {
    await expectAllOk('spinnaker', 'spinnaker_checks.py', [], 7);
  });
});
