import { expect } from 'chai';
import { SpiqError, isErrorCode } from '../../ts/errors.js';
import { emulateChip } from '../../ts/fixed.js';
import type { ChipLayer, ChipNetwork } from '../../ts/fixed.js';
import { Wild } from './wild-input.js';

const cases = 1500;

const tally = { ran: 0, refused: new Map<string, number>() };

function weightOf(wild: Wild, inputs: number, units: number): unknown {
  const sound = wild.chance(0.97);
  if (wild.chance(0.6)) return wild.weights(units * inputs, sound);
  const count = wild.below(2 * units * inputs);
  const indices = (limit: number): Uint32Array =>
    Uint32Array.from({ length: count }, () => wild.below(limit));
  return {
    pre: indices(wild.chance(0.97) ? inputs : inputs + 1),
    post: indices(units),
    value: wild.weights(wild.chance(0.97) ? count : count + 1, sound),
  };
}

function layerOf(wild: Wild, inputs: number, last: boolean): Record<string, unknown> {
  const units = 1 + wild.below(6);
  const all: Record<string, unknown> = {
    bias: wild.weights(units, true),
    threshold: wild.chance(0.5) ? wild.uniform(0, 3) : wild.weights(units, true),
    initial: wild.weights(units, true),
    shift: [wild.below(16), wild.below(17)],
    fires: last ? wild.chance(0.5) : wild.chance(0.95),
  };
  const chosen = Object.entries(all).filter(() => wild.chance(0.3));
  const layer = { units, weight: weightOf(wild, inputs, units), ...Object.fromEntries(chosen) };
  return wild.chance(0.03)
    ? { ...layer, [wild.pick([...Object.keys(all), 'units', 'weight', 'stranger'])]: wild.thing() }
    : layer;
}

function networkOf(wild: Wild): ChipNetwork {
  const inputs = 1 + wild.below(5);
  const layers: Record<string, unknown>[] = [];
  const count = 1 + wild.below(4);
  for (let l = 0; l < count; l += 1) {
    const before = layers.at(-1)?.units ?? inputs;
    const sound = Number.isInteger(before) && Number(before) >= 1 && Number(before) <= 6;
    layers.push(layerOf(wild, sound ? Number(before) : 1, l + 1 === count));
  }
  return { inputs, layers: layers as unknown as ChipLayer[] };
}

async function attempt(seed: number): Promise<void> {
  const wild = new Wild(seed);
  try {
    const network = networkOf(wild);
    const rows = 1 + wild.below(5);
    const observations = wild.weights(rows * network.inputs, wild.chance(0.95));
    const all = {
      steps: 1 + wild.below(50),
      tauM: wild.pick([100, 4096, 1e5, 2 ** -15, 65535, Infinity]),
      rounding: wild.pick(['nearest', 'truncate'] as const),
      threads: 1 + wild.below(4),
    };
    const chosen = Object.entries(all).filter(([name]) => name === 'steps' || wild.chance(0.5));
    const options: Record<string, unknown> = Object.fromEntries(chosen);
    if (wild.chance(0.03)) options[wild.pick(Object.keys(all))] = wild.thing();
    const result = await emulateChip(network, observations, options);
    expect(result.potentials).to.have.length(rows * network.layers.at(-1)!.units);
    for (const v of result.potentials) expect(v).to.be.within(-65536, 65536);
    for (const count of result.counts) expect(count).to.be.at.most(all.steps);
    tally.ran += 1;
  } catch (error) {
    const what = `seed ${seed}: ${String(error)}`;
    if (!(error instanceof SpiqError)) throw new Error(what, { cause: error });
    expect(isErrorCode(error.code) && error.code !== 'E_INTERNAL', what).to.equal(true);
    expect(error.message.length, what).to.be.lessThan(1000);
    tally.refused.set(error.code, (tally.refused.get(error.code) ?? 0) + 1);
  }
}

describe('fuzz: an emulated SpiNNaker board', () => {
  it(`${cases} networks and inputs run or are refused with a known code`, async function () {
    this.timeout(60_000);
    for (let seed = 0; seed < cases; seed += 1) await attempt(seed);
    const codes = [...tally.refused].sort().map(([code, count]) => `${code} ${count}`);
    console.log(`      ${tally.ran} ran, refused: ${codes.join(', ')}`);
    expect(tally.ran).to.be.greaterThan(cases / 5);
    expect([...tally.refused.keys()]).to.include.members([
      'E_ARGUMENT',
      'E_RANGE',
      'E_SHAPE',
      'E_NOT_FINITE',
      'E_UNSUPPORTED',
    ]);
  });
});
