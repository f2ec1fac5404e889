import { expect } from 'chai';
import { addon } from '../../ts/native.js';
import { Simulator } from '../../ts/simulator.js';
import type { RunOptions, SimulationOptions, SimulationResult } from '../../ts/simulator.js';
import { expectSame, fingerprint, joined, recorded } from './compare.js';
import type { Recorded } from './compare.js';
import { randomNetwork, uniforms } from './random-nets.js';
import { allSettings } from './settings.js';
import type { Setting } from './settings.js';

const sizes = [5, 33, 17, 3];
const inputs = sizes[0]!;
const rows = 64;
const observations = uniforms(rows * inputs, -0.2, 1.2, 7);
const steps = 45;
const givenSpikes = Int8Array.from(uniforms(steps * rows * inputs, -0.3, 1.6, 8));
const record = { counts: true };
const seed = 2 ** 40 + 5;

function simulator({ neurons, options }: Setting, more: SimulationOptions): Simulator {
  return new Simulator(randomNetwork(sizes, { neurons }), { ...options, ...more });
}

/** The arguments of a run over rows from ≤ row < to, as if cut out of the whole stream. */
function slice(setting: Setting, from: number, to: number): [Float32Array, RunOptions] {
  const part = observations.subarray(from * inputs, to * inputs);
  if (setting.options.encoding !== 'spikes')
    return [part, { record, seed, firstObservation: from }];
  const width = rows * inputs;
  const spikes = Array.from({ length: steps }, (_, step) =>
    Array.from(givenSpikes.subarray(step * width + from * inputs, step * width + to * inputs)),
  );
  return [part, { record, spikes: Int8Array.from(spikes.flat()) }];
}

async function inBatches(engine: Simulator, setting: Setting, batch: number): Promise<Recorded> {
  const parts: SimulationResult[] = [];
  for (let from = 0; from < rows; from += batch) {
    const [part, options] = slice(setting, from, Math.min(from + batch, rows));
    // Both ways of running, in turn.
    parts.push(
      parts.length % 2 === 0 ? await engine.run(part, options) : engine.runSync(part, options),
    );
  }
  return joined(parts);
}

describe('conformance: the same spikes, bit for bit', () => {
  const { isas } = addon().info();
  let spikes = 0;
  after(() => {
    console.log(
      `      instruction sets ${isas.join(', ')}; ${spikes} spikes compared in each variant`,
    );
  });

  for (const precision of ['float32', 'float64'] as const) {
    for (const setting of allSettings()) {
      it(`${setting.label}, ${precision}: batches 1, 7, 64; threads 1, 2, 5; every instruction set; sync and async`, async () => {
        const reference = await inBatches(
          simulator(setting, { precision, threads: 1, isa: 'baseline' }),
          setting,
          rows,
        );
        const found = reference.totalSpikes.reduce((sum, value) => sum + value, 0);
        expect(found, 'spikes in the run').to.be.greaterThan(rows);
        spikes += found;
        for (const isa of isas) {
          for (const threads of [1, 2, 5]) {
            const engine = simulator(setting, { precision, threads, isa });
            for (const batch of [1, 7, rows]) {
              const ours = await inBatches(engine, setting, batch);
              expectSame(ours, reference, `${isa}, ${threads} threads, batches of ${batch}`);
            }
          }
        }
      });
    }
  }

  it('the state of every layer after every step', async () => {
    for (const setting of allSettings()) {
      const [part, options] = slice(setting, 0, rows);
      const run = async (isa: string, threads: number): Promise<Recorded> =>
        recorded(
          await simulator(setting, { isa, threads }).run(part, {
            ...options,
            record: { counts: true, trace: true },
          }),
        );
      const reference = await run('baseline', 1);
      expect(reference.traces).to.have.length(3);
      for (const isa of isas) expectSame(await run(isa, 2), reference, `${setting.label}, ${isa}`);
    }
  });

  it('layers of awkward sizes', async () => {
    for (const widths of [
      [1, 1],
      [2, 15, 1],
      [70, 16, 17],
      [3, 100, 65, 2],
      [31, 1, 48, 47],
    ]) {
      const network = randomNetwork(widths, { seed: widths.length, neurons: {} });
      const x = uniforms(9 * widths[0]!, 0, 1, 3);
      const run = async (isa: string, threads: number): Promise<Recorded> =>
        recorded(await new Simulator(network, { isa, threads, steps: 60 }).run(x, { record }));
      const reference = await run('baseline', 1);
      for (const isa of isas)
        expectSame(await run(isa, 5), reference, `${widths.join('-')}, ${isa}`);
    }
  });

  it('the float forward pass', async () => {
    const network = randomNetwork(sizes);
    for (const precision of ['float32', 'float64'] as const) {
      const reference = network.forwardSync(observations, {
        precision,
        isa: 'baseline',
        threads: 1,
      });
      for (const isa of isas) {
        const ours = await network.forward(observations, { precision, isa, threads: 5 });
        expect(ours, isa).to.deep.equal(reference);
      }
    }
  });
});

describe('conformance: the comparison can fail', () => {
  const poisson = allSettings().find(({ options }) => options.encoding === 'poisson')!;
  const run = (options: RunOptions): Recorded =>
    recorded(simulator(poisson, {}).runSync(observations, { record, ...options }));

  it('sees another seed', () => {
    const [one, other] = [run({ seed: 1 }), run({ seed: 2 })];
    expect(fingerprint(one)).to.not.deep.equal(fingerprint(other));
    expect(() => expectSame(one, other, 'seeds')).to.throw('seeds: array 0 is the same');
  });

  it('sees another place in the stream', () => {
    expect(fingerprint(run({ firstObservation: 0 }))).to.not.deep.equal(
      fingerprint(run({ firstObservation: 1 })),
    );
  });

  it('sees the last bit of a value and the sign of a zero', () => {
    const one = run({ seed: 1 });
    const changed = { ...one, out: Float32Array.from(one.out) };
    new Int32Array(changed.out.buffer)[0]! ^= 1;
    expect(() => expectSame(changed, one, 'bits')).to.throw('bits: array 0 is the same');
    const zero = (value: number): Recorded => ({ ...one, out: Float32Array.of(value) });
    expect(() => expectSame(zero(-0), zero(0), 'zeros')).to.throw('zeros: array 0 is the same');
  });
});
