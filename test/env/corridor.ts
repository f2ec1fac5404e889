import { Fields } from '../../ts/formats/fields.js';
import type { Environment, Saved, StepResult } from '../../ts/env/env.js';
import { Random } from '../../ts/env/random.js';

/**
 * As a user might write one: a walk between two ends, 0 to the left and 1 to the right, from a random place. One end
 * costs one of two lives and begins anew, the other ends the task.
 */
export class Corridor implements Environment {
  readonly observationSpace = { kind: 'box', size: 2, low: [0, 0], high: [9, 2] } as const;
  readonly actionSpace = { kind: 'discrete', count: 2 } as const;
  readonly #observation = new Float32Array(2);
  #random = new Random(0);

  reset(seed?: number): Float32Array {
    if (seed !== undefined) this.#random = new Random(seed);
    this.#observation.set([this.#start(), 2]);
    return this.#observation;
  }

  step(action: number): StepResult {
    const observation = this.#observation;
    const [before = 0, lives = 0] = observation;
    const place = before + (action === 1 ? 1 : -1);
    const lifeLost = place < 0;
    observation[0] = lifeLost ? this.#start() : place;
    observation[1] = lives - Number(lifeLost);
    const terminated = place === 9 || observation[1] === 0;
    return { observation, reward: place === 9 ? 1 : 0, terminated, truncated: false, lifeLost };
  }

  save(): Saved {
    return { observation: [...this.#observation], random: this.#random.save() };
  }

  restore(saved: Saved): Float32Array {
    const fields = new Fields(saved, 'saved state of a corridor');
    const [observation, random] = [fields.numbers('observation'), fields.counts('random')];
    this.#random = Random.restored(random);
    this.#observation.set(observation);
    return this.#observation;
  }

  #start(): number {
    return 2 + Math.floor(this.#random.uniform(0, 5));
  }
}
