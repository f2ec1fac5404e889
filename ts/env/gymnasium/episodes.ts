/** Room for the steps of a first short episode; it doubles when it is full. */
const firstRoom = 256;

/** What came of a step. */
export interface StepOutcome {
  readonly reward: number;
  /** 1 terminated, 2 truncated. */
  readonly flags: number;
  readonly lives: number;
}

export interface Beginning {
  readonly seed: number | null;
  readonly noops: number;
  readonly lives: number;
  /** Steps recorded before it. */
  readonly at: number;
}

/**
 * What a copy has played since its last seed, so that it can be played again: an episode without a seed depends on
 * those before it.
 */
export class Episodes {
  /**
   * `lost` after a call that broke off: how far it came is unknown until the next seed. In a worker started anew such a
   * copy is `gone`.
   */
  state: 'known' | 'lost' | 'gone' = 'known';
  readonly beginnings: Beginning[] = [];
  #actions = new Int32Array(firstRoom);
  #rewards = new Float64Array(firstRoom);
  #flags = new Uint8Array(firstRoom);
  #lives = new Int32Array(firstRoom);
  #steps = 0;

  get steps(): number {
    return this.#steps;
  }

  /** `independent`: without a seed, too, the episode depends on nothing before it. */
  begin(beginning: Omit<Beginning, 'at'>, independent: boolean): void {
    if (beginning.seed !== null || independent) {
      this.state = 'known';
      this.beginnings.length = 0;
      this.#steps = 0;
    }
    this.beginnings.push({ ...beginning, at: this.#steps });
  }

  step(action: number, { reward, flags, lives }: StepOutcome): void {
    const at = this.#steps;
    if (at === this.#actions.length) this.#grow();
    this.#actions[at] = action;
    this.#rewards[at] = reward;
    this.#flags[at] = flags;
    this.#lives[at] = lives;
    this.#steps = at + 1;
  }

  action(step: number): number {
    return this.#actions[step]!;
  }

  outcome(step: number): StepOutcome {
    return {
      reward: this.#rewards[step]!,
      flags: this.#flags[step]!,
      lives: this.#lives[step]!,
    };
  }

  #grow(): void {
    this.#actions = twice(this.#actions);
    this.#rewards = twice(this.#rewards);
    this.#flags = twice(this.#flags);
    this.#lives = twice(this.#lives);
  }
}

function twice<Numbers extends Int32Array | Float64Array | Uint8Array>(numbers: Numbers): Numbers {
  const more = new (numbers.constructor as new (length: number) => Numbers)(2 * numbers.length);
  more.set(numbers);
  return more;
}
