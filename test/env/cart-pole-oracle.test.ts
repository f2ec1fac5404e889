import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { CartPole } from '../../ts/env/cart-pole.js';
import { readNpzFile, toFloat64, type Npz } from '../../ts/formats/npz/index.js';

/** Seen from dist/test/env, where the tests run. */
const oracleFile = (name: string): URL => new URL(`../../../test/oracle/${name}`, import.meta.url);

interface Description {
  readonly environment: string;
  readonly steps: number;
  readonly step_limit: number;
  readonly initial_state: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** Single steps of Gymnasium's own CartPole-v1, many from states at and beyond the borders. */
describe('CartPole against Gymnasium', () => {
  let description: Description;
  let recorded: Npz;

  before(() => {
    description = JSON.parse(readFileSync(oracleFile('cart-pole.json'), 'utf8')) as Description;
    recorded = readNpzFile(fileURLToPath(oracleFile('cart-pole.npz')));
  });

  const column = (key: string): Float64Array => toFloat64(recorded.get(key)).data;
  const row = (values: Float64Array, n: number): Float64Array => values.subarray(n * 4, n * 4 + 4);

  it('takes every recorded step as Gymnasium does', () => {
    const { steps, step_limit: maxSteps } = description;
    const [state, nextState] = [column('state'), column('next_state')];
    const [elapsed, action, reward] = [column('elapsed'), column('action'), column('reward')];
    const [terminated, truncated] = [column('terminated'), column('truncated')];
    const pole = new CartPole({ maxSteps });
    let largestDeviation = 0;
    for (let n = 0; n < steps; n += 1) {
      pole.setState(row(state, n), elapsed[n]);
      const result = pole.step(action[n]!);
      const expected = row(nextState, n);
      pole.state.forEach((value, k) => {
        largestDeviation = Math.max(largestDeviation, Math.abs(value - expected[k]!));
      });
      const flags = [Number(result.terminated), Number(result.truncated), result.reward];
      if (flags.some((flag, k) => flag !== [terminated[n], truncated[n], reward[n]][k])) {
        expect(flags, `flags of step ${n}`).to.deep.equal([terminated[n], truncated[n], reward[n]]);
      }
    }
    expect(steps).to.equal(10_000);
    expect(state).to.have.length(steps * 4);
    // Both compute in float64 in the same order; only sine and cosine may differ in their last bit.
    expect(largestDeviation).to.be.at.most(1e-12);
  });

  it('starts within the same bounds', () => {
    const pole = new CartPole();
    const low = new Float64Array(4).fill(Infinity);
    const high = new Float64Array(4).fill(-Infinity);
    for (let seed = 0; seed < 2000; seed += 1) {
      pole.reset(seed);
      pole.state.forEach((value, k) => {
        low[k] = Math.min(low[k]!, value);
        high[k] = Math.max(high[k]!, value);
      });
    }
    const { initial_state: initialState } = description;
    for (let k = 0; k < 4; k += 1) {
      expect(low[k]).to.be.within(initialState.low[k]!, initialState.low[k]! * 0.99);
      expect(high[k]).to.be.within(initialState.high[k]! * 0.99, initialState.high[k]!);
    }
  });
});
