import { mismatch, phrase } from '../../errors.js';
import type { EnvironmentCalls } from './calls.js';
import { Episodes } from './episodes.js';
import type { FrameSlots } from './frame-slots.js';
import { playAgain } from './play-again.js';

/** What a call that is under way does to a copy. */
export type Use = 'step' | 'reset' | 'seeded reset';

/** What each copy has played, and which call it is in. */
export class Copies {
  readonly episodes: readonly Episodes[];
  readonly #uses: (Use | undefined)[];

  constructor(
    count: number,
    private readonly slots: FrameSlots,
  ) {
    this.#uses = new Array<undefined>(count).fill(undefined);
    this.episodes = Array.from({ length: count }, () => new Episodes());
  }

  take(copies: readonly number[], use: (k: number) => Use): void {
    for (const copy of copies) {
      this.slots.checkCopy(copy);
      if (this.#uses[copy] === undefined) continue;
      throw mismatch('E_STATE', `copy ${copy}`, 'no call under way', phrase('a second call'));
    }
    copies.forEach((copy, k) => (this.#uses[copy] = use(k)));
  }

  giveBack(copies: readonly number[]): void {
    for (const copy of copies) this.#uses[copy] = undefined;
  }

  /** A call broke off: how far these copies came is unknown. */
  lose(copies: readonly number[]): void {
    for (const copy of copies) this.episodes[copy]!.state = 'lost';
  }

  /** A copy whose state went with its worker has to begin anew. */
  checkThere(copies: readonly number[], use: (k: number) => Use): void {
    copies.forEach((copy, k) => {
      if (this.episodes[copy]!.state !== 'gone' || use(k) === 'seeded reset') return;
      const expected =
        'a reset from a seed, since the worker was started again after a call broke off';
      throw mismatch('E_STATE', `copy ${copy}`, expected, phrase(`a ${use(k)}`));
    });
  }

  /** Brings the copies in a worker that was started again to where they were. */
  async bringBack(calls: EnvironmentCalls): Promise<void> {
    const again = new Map<number, Episodes>();
    const shown = new Map<number, Uint8Array>();
    this.episodes.forEach((episodes, copy) => {
      const use = this.#uses[copy];
      // What is about to begin anew from a seed is not needed any more.
      if (episodes.state !== 'known' || use === 'seeded reset') episodes.state = 'gone';
      else if (episodes.beginnings.length > 0) {
        again.set(copy, episodes);
        // An interrupted call has written nobody knows what.
        if (use === undefined) shown.set(copy, this.slots.slot(copy));
      }
    });
    await playAgain(calls, again);
    for (const [copy, before] of shown) {
      if (Buffer.compare(before, this.slots.slot(copy)) === 0) continue;
      const expected = 'what it showed before, since an environment has to be deterministic';
      throw mismatch('E_STATE', `copy ${copy}, played again`, expected, phrase('another frame'));
    }
  }
}
