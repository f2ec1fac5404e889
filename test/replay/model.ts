import type { ReplayOptions, StepOutcome } from '../../ts/index.js';

interface Row {
  readonly frame: readonly number[];
  /** The row before in its episode. */
  readonly previous: number | undefined;
}

interface Pending {
  readonly row: number;
  readonly action: number;
  readonly reward: number;
}

interface Episode {
  last: number;
  running: boolean;
  pending: Pending[];
}

export interface ModelTransition {
  readonly row: number;
  readonly next: number;
  readonly action: number;
  readonly discountedReturn: number;
  readonly discount: number;
}

/**
 * What a replay memory is, said plainly: it keeps all rows for good and looks through all transitions after each
 * step. `ring` is how many rows the memory's ring has.
 */
export class ReplayModel {
  readonly rows: Row[] = [];
  readonly #episodes = new Map<number, Episode>();
  #drawable: ModelTransition[] = [];

  constructor(
    readonly options: ReplayOptions,
    readonly ring: number,
  ) {}

  /** The oldest first. */
  get transitions(): readonly ModelTransition[] {
    return this.#drawable;
  }

  /** Another that goes on from here by itself. */
  copy(): ReplayModel {
    const copy = new ReplayModel(this.options, this.ring);
    copy.rows.push(...this.rows);
    copy.#drawable = [...this.#drawable];
    for (const [number, episode] of this.#episodes)
      copy.#episodes.set(number, { ...episode, pending: [...episode.pending] });
    return copy;
  }

  begin(frame: readonly number[], copy: number): void {
    const episode = this.#episodes.get(copy);
    this.#store(frame, undefined);
    // Cut off where it was.
    if (episode) this.#completeAll(episode, episode.last, 1);
    const last = this.rows.length - 1;
    this.#episodes.set(copy, { last, running: true, pending: [] });
  }

  add(
    action: number,
    reward: number,
    frame: readonly number[],
    outcome: StepOutcome,
    copy: number,
  ): void {
    const episode = this.#episodes.get(copy)!;
    this.#store(frame, episode.last);
    const row = this.rows.length - 1;
    if (outcome.discard === true) {
      this.#completeAll(episode, episode.last, 1);
    } else {
      episode.pending.push({ row: episode.last, action, reward: Math.fround(reward) });
      if (outcome.terminated || outcome.lifeLost === true) this.#completeAll(episode, row, 0);
      else if (outcome.truncated === true) this.#completeAll(episode, row, 1);
      else if (episode.pending.length === (this.options.nStep ?? 1)) {
        this.#complete(episode.pending, row, 1);
        episode.pending.shift();
      }
    }
    episode.last = row;
    episode.running = !outcome.terminated && outcome.truncated !== true;
  }

  running(copy: number): boolean {
    return this.#episodes.get(copy)?.running ?? false;
  }

  /** The state whose newest frame is that row's; undefined where a frame is gone or too few are there. */
  state(row: number, acting = false): number[] | undefined {
    const { size, stack = 1, order, padding = 'zeros' } = this.options.observation;
    const frames = this.#frames(row, acting);
    if (frames === undefined) return undefined;
    const filling = padding === 'repeat' ? frames.at(-1)! : new Array<number>(size).fill(0);
    while (frames.length < stack) frames.push(filling);
    return (order === 'newest-first' ? frames : frames.reverse()).flat();
  }

  /** The newest first, as many as there are. */
  #frames(row: number, acting: boolean): (readonly number[])[] | undefined {
    const { stack = 1, padding } = this.options.observation;
    const frames: (readonly number[])[] = [];
    let at: number | undefined = row;
    while (frames.length < stack && at !== undefined) {
      if (at < this.rows.length - this.ring + 1) return undefined;
      frames.push(this.rows[at]!.frame);
      at = this.rows[at]!.previous;
    }
    return frames.length < stack && padding === 'skip' && !acting ? undefined : frames;
  }

  currentState(copy: number): number[] | undefined {
    return this.state(this.#episodes.get(copy)!.last, true);
  }

  #store(frame: readonly number[], previous: number | undefined): void {
    this.rows.push({ frame, previous });
    this.#drawable = this.#drawable.filter(({ row }) => this.#frames(row, false) !== undefined);
  }

  #completeAll(episode: Episode, next: number, bootstrap: 0 | 1): void {
    const { pending } = episode;
    for (let from = 0; from < pending.length; from += 1)
      this.#complete(pending.slice(from), next, bootstrap);
    episode.pending = [];
  }

  #complete(steps: readonly Pending[], next: number, bootstrap: 0 | 1): void {
    const { gamma = 0.99, capacity } = this.options;
    let sum = 0;
    let power = 1;
    for (const { reward } of steps) {
      sum += power * reward;
      power *= gamma;
    }
    const { row, action } = steps[0]!;
    if (this.#frames(row, false) === undefined) return;
    this.#drawable.push({
      row,
      next,
      action,
      discountedReturn: Math.fround(sum),
      discount: Math.fround(bootstrap * power),
    });
    this.#drawable.sort((a, b) => a.row - b.row);
    if (this.#drawable.length > capacity) this.#drawable.shift();
  }
}
