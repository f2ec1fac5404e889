import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import type { RuledEnvironment } from '../../ts/env/ruled.js';
import { readNpzFile, toFloat64 } from '../../ts/formats/npz/index.js';

/** Seen from dist/test/env, where the tests run. */
const oracleFile = (name: string): URL => new URL(`../../../test/oracle/${name}`, import.meta.url);

interface Description {
  readonly steps: number;
  readonly step_limit: number;
  readonly initial_state: { readonly low: readonly number[]; readonly high: readonly number[] };
}

/** Single steps that `scripts/oracle/single_steps.py` recorded from Gymnasium. */
export class SingleSteps {
  readonly #description: Description;
  readonly #columns: ReadonlyMap<string, Float64Array>;

  constructor(name: string) {
    const text = readFileSync(oracleFile(`${name}.json`), 'utf8');
    this.#description = JSON.parse(text) as Description;
    const recorded = readNpzFile(fileURLToPath(oracleFile(`${name}.npz`)));
    this.#columns = new Map(recorded.keys.map((key) => [key, toFloat64(recorded.get(key)).data]));
  }

  get steps(): number {
    return this.#description.steps;
  }

  get maxSteps(): number {
    return this.#description.step_limit;
  }

  /** Takes every step, refuses (by chai) other flags and rewards, and returns the largest deviation of a state. */
  replay(environment: RuledEnvironment): number {
    const [states, followers] = [this.#column('state'), this.#column('next_state')];
    const width = states.length / this.steps;
    const observations = this.#columns.get('observation');
    let largest = 0;
    for (let n = 0; n < this.steps; n += 1) {
      environment.setState(states.subarray(n * width, (n + 1) * width), this.#at('elapsed', n));
      const { reward, terminated, truncated, observation } = environment.step(
        this.#at('action', n),
      );
      const followed = followers.subarray(n * width, (n + 1) * width);
      environment.state.forEach((value, k) => {
        largest = Math.max(largest, Math.abs(value - followed[k]!));
      });
      const flags = ['reward', 'terminated', 'truncated'].map((key) => this.#at(key, n));
      expect([reward, Number(terminated), Number(truncated)], `step ${n}`).to.deep.equal(flags);
      const seen = observations?.subarray(n * observation.length, (n + 1) * observation.length);
      seen?.forEach((value, k) => {
        // Half a unit of float32's last place at the largest observation, a velocity of up to 9π.
        expect(observation[k], `step ${n}, observation ${k}`).to.be.closeTo(value, 2e-6);
      });
    }
    return largest;
  }

  /** Refuses (by chai) initial states outside Gymnasium's bounds, and states that stay far inside. */
  checkStarts(environment: RuledEnvironment): void {
    const { low, high } = this.#description.initial_state;
    const starts = Array.from({ length: 2000 }, (_, seed) => {
      environment.reset(seed);
      return environment.state;
    });
    low.forEach((bound, k) => {
      const values = starts.map((state) => state[k]!);
      const slack = (high[k]! - bound) * 0.005;
      expect(Math.min(...values), `lowest of ${k}`).to.be.within(Math.fround(bound), bound + slack);
      expect(Math.max(...values), `highest of ${k}`).to.be.within(
        high[k]! - slack,
        high[k]! + 1e-8,
      );
    });
  }

  #at(key: string, n: number): number {
    return this.#column(key)[n]!;
  }

  #column(key: string): Float64Array {
    const column = this.#columns.get(key);
    expect(column, key).to.be.instanceOf(Float64Array);
    return column!;
  }
}
