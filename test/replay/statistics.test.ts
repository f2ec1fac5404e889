import { expect } from 'chai';
import { Replay } from '../../ts/index.js';
import type { ReplayOptions } from '../../ts/index.js';

/** Half of all values of a chi-square of this many degrees of freedom lie below; Wilson and Hilferty 1931. */
function chiSquareAt(deviations: number, freedom: number): number {
  const part = 2 / (9 * freedom);
  return freedom * (1 - part + deviations * Math.sqrt(part)) ** 3;
}

function chiSquare(counts: readonly number[], shares: readonly number[]): number {
  const draws = counts.reduce((sum, count) => sum + count, 0);
  return counts.reduce((sum, count, index) => {
    const expected = draws * shares[index]!;
    return sum + (count - expected) ** 2 / expected;
  }, 0);
}

/** Five standard deviations to either side: a right sampler fails once in 1.7 million seeds. */
function expectRandom(counts: readonly number[], shares: readonly number[]): void {
  const value = chiSquare(counts, shares);
  expect(value).to.be.greaterThan(chiSquareAt(-5, counts.length - 1));
  expect(value).to.be.lessThan(chiSquareAt(5, counts.length - 1));
}

/** One long episode and some short ones, whose last rows start nothing. */
function filled(more: Partial<ReplayOptions>, transitions = 100): Replay {
  const replay = new Replay({ capacity: transitions, observation: { size: 1 }, ...more });
  let left = transitions;
  for (let episode = 1; left > 0; episode += 1) {
    replay.begin(Float32Array.of(episode));
    for (let step = 0; step < episode && left > 0; step += 1, left -= 1)
      replay.add(0, 0, Float32Array.of(episode), { terminated: step === episode - 1 });
  }
  expect(replay.size).to.equal(transitions);
  return replay;
}

/** Where each index stands in the memory. */
function placesOf(replay: Replay): Map<number, number> {
  const all = replay.emptyBatch(replay.size);
  replay.listInto(all);
  return new Map([...all.indices].map((index, place) => [index, place]));
}

function countDraws(replay: Replay, batches: number, rows: number): number[] {
  const places = placesOf(replay);
  const counts = new Array<number>(replay.size).fill(0);
  const batch = replay.emptyBatch(rows);
  for (let drawn = 0; drawn < batches; drawn += 1)
    for (const index of replay.sampleInto(batch).indices) counts[places.get(index)!]! += 1;
  return counts;
}

function listedProbabilities(replay: Replay): number[] {
  const all = replay.emptyBatch(replay.size);
  replay.listInto(all);
  return [...all.probabilities];
}

describe('replay: statistics of sampling', () => {
  const uniform = new Array<number>(100).fill(0.01);

  for (const rows of [1, 32])
    it(`uniform batches of ${rows}: every transition as often, independently`, () => {
      const replay = filled({ seed: 5 });
      expectRandom(countDraws(replay, 200_000 / rows, rows), uniform);
    });

  it('pairs in a batch are independent, and neighbours in it differ as often as they should', () => {
    const replay = filled({ seed: 6 }, 12);
    const places = placesOf(replay);
    const counts = new Array<number>(144).fill(0);
    const batch = replay.emptyBatch(2);
    for (let drawn = 0; drawn < 100_000; drawn += 1) {
      const [first = 0, second = 0] = [...replay.sampleInto(batch).indices].map((index) =>
        places.get(index)!,
      );
      counts[first * 12 + second]! += 1;
    }
    expectRandom(counts, new Array<number>(144).fill(1 / 144));
  });

  it('without replacement every subset is as likely', () => {
    const replay = filled({ seed: 7, replacement: false }, 8);
    const places = placesOf(replay);
    const subsets = new Map<number, number>();
    const batch = replay.emptyBatch(3);
    for (let drawn = 0; drawn < 60_000; drawn += 1) {
      const bits = [...replay.sampleInto(batch).indices].reduce(
        (sum, index) => sum + 2 ** places.get(index)!,
        0,
      );
      subsets.set(bits, (subsets.get(bits) ?? 0) + 1);
    }
    expect(subsets.size).to.equal(56);
    expectRandom([...subsets.values()], new Array<number>(56).fill(1 / 56));
    expect(new Set(replay.sample(8).indices).size).to.equal(8);
  });

  const errors = (count: number) => Float32Array.from({ length: count }, (_, i) => (i % 17) / 4);
  const options = { alpha: 0.7, beta: 0.5, epsilon: 0.01 };

  function prioritised(seed: number): { replay: Replay; shares: number[] } {
    const replay = filled({ seed, prioritised: options });
    const all = replay.emptyBatch(100);
    replay.listInto(all);
    replay.setPriorities(all.indices, errors(100));
    const priorities = [...errors(100)].map((error) => (error + 0.01) ** 0.7);
    const sum = priorities.reduce((total, priority) => total + priority, 0);
    return { replay, shares: priorities.map((priority) => priority / sum) };
  }

  it('prioritised draws follow (|error| + epsilon)^alpha', () => {
    const { replay, shares } = prioritised(8);
    expectRandom(countDraws(replay, 200_000, 1), shares);
    for (const [index, probability] of listedProbabilities(replay).entries())
      expect(probability).to.be.closeTo(shares[index]!, 1e-7);
  });

  it('a batch takes one draw from each of its equal shares of the sum', () => {
    const { replay, shares } = prioritised(9);
    const counts = countDraws(replay, 10_000, 32);
    // Shares leave less to chance than independent draws do.
    expect(chiSquare(counts, shares)).to.be.lessThan(chiSquareAt(5, 99));
    const edges = shares.reduce<number[]>((list, share) => [...list, list.at(-1)! + share], [0]);
    const places = placesOf(replay);
    const { indices } = replay.sample(32);
    for (const [draw, index] of indices.entries()) {
      const place = places.get(index)!;
      expect(edges[place]!).to.be.lessThan((draw + 1) / 32 + 1e-9);
      expect(edges[place + 1]!).to.be.greaterThan(draw / 32 - 1e-9);
    }
  });

  it('weights are (N P)^-beta over the largest of the batch', () => {
    const { replay, shares } = prioritised(10);
    const places = placesOf(replay);
    const batch = replay.sample(64);
    const raw = [...batch.indices].map((index) => (100 * shares[places.get(index)!]!) ** -0.5);
    const largest = Math.max(...raw);
    for (const [draw, weight] of batch.weights.entries()) {
      expect(weight).to.be.closeTo(raw[draw]! / largest, 1e-6);
      expect(batch.probabilities[draw]).to.be.closeTo(
        shares[places.get(batch.indices[draw]!)!]!,
        1e-7,
      );
    }
  });

  it('beta goes in a straight line, batch by batch, and stays at its end', () => {
    const replay = filled({ prioritised: { beta: { from: 0.2, to: 1, steps: 4 } } });
    const betas = Array.from({ length: 7 }, () => {
      const { beta } = replay;
      replay.sample(2);
      return beta;
    });
    for (const [index, beta] of [0.2, 0.4, 0.6, 0.8, 1, 1, 1].entries())
      expect(betas[index]).to.be.closeTo(beta, 1e-12);
  });

  it('what is new has the largest priority there was, and what left has none', () => {
    const { replay } = prioritised(11);
    replay.begin(Float32Array.of(1));
    replay.add(0, 0, Float32Array.of(1), { terminated: false });
    const probabilities = listedProbabilities(replay);
    expect(probabilities).to.have.length(100);
    expect(probabilities.at(-1)).to.be.closeTo(Math.max(...probabilities), 1e-9);
    expect(probabilities.reduce((sum, value) => sum + value, 0)).to.be.closeTo(1, 1e-5);
    const gone = Float64Array.of(0);
    replay.setPriorities(gone, Float32Array.of(1000));
    expect(listedProbabilities(replay)).to.deep.equal(probabilities);
  });

  it('the same seed draws the same, another seed something else', () => {
    const draws = (seed: number) => [...filled({ seed }).sample(50).indices];
    expect(draws(3)).to.deep.equal(draws(3));
    expect(draws(3)).to.not.deep.equal(draws(4));
    expect(draws(3)).to.not.deep.equal(draws(3 + 2 ** 32));
  });
});
