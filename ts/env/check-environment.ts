import { checkNames } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import { CheckedEnvironment } from './checked.js';
import type { Environment, Saved, StepResult } from './env.js';
import { restoreTo, saveOf } from './optional.js';
import { streams, uniformsOf } from './philox.js';

export interface CheckEnvironmentOptions {
  /** Steps of random actions in each of the comparisons (default 500). */
  readonly steps?: number;
  readonly seed?: number;
}

/** What an environment showed in a step, or at a reset (then without the rest). */
type Seen = Omit<StepResult, 'observation'> & { readonly observation: readonly number[] };

/**
 * Plays an environment of the user's own with random actions and throws where it breaks the interface: spaces,
 * observations within them, types of results, episodes that depend on nothing but the seed, `save` and `restore` where
 * it has them.
 */
export function checkEnvironment(
  make: () => Environment,
  options: CheckEnvironmentOptions = {},
): void {
  checkNames(options, ['steps', 'seed'], 'check option');
  const { steps = 500, seed = 1 } = options;
  const player = new Player(steps, seed);
  const path = player.play(make(), seed);
  sameAs(path, player.play(make(), seed), 'the same steps from the same seed');
  const used = make();
  player.play(used, seed + 1);
  sameAs(path, player.play(used, seed), 'the same steps when an old environment gets the seed');
  sameAs(
    player.play(make(), 0),
    player.play(make(), undefined),
    'a first reset without a seed to use seed 0',
  );
  const probe = make();
  const [saves, restores] = [probe.save !== undefined, probe.restore !== undefined];
  if (saves !== restores) {
    throw mismatch('E_ARGUMENT', 'environment', 'both save and restore, or neither', phrase('one'));
  }
  if (saves) checkSaving(make, player, seed);
}

class Player {
  readonly #draw: (episode: number, step: number, index: number) => number;

  constructor(
    readonly steps: number,
    seed: number,
  ) {
    this.#draw = uniformsOf(seed, streams.exploration);
  }

  /** Resets with the seed, then plays on from episode to episode. */
  play(made: Environment, seed: number | undefined): Seen[] {
    const environment = new CheckedEnvironment(made);
    const first = shownAtReset(environment, environment.reset(seed));
    return [first, ...this.playOn(environment, 0)];
  }

  /** From step `from` on to the last. */
  playOn(environment: Environment, from: number): Seen[] {
    const seen: Seen[] = [];
    for (let step = from; step < this.steps; step += 1) {
      const action = Math.floor(this.#draw(0, step, 0) * environment.actionSpace.count);
      const result = environment.step(action);
      seen.push({ ...result, observation: withinBounds(environment, result.observation) });
      if (!result.terminated && !result.truncated) continue;
      seen.push(shownAtReset(environment, environment.reset()));
    }
    return seen;
  }
}

function shownAtReset(environment: Environment, observation: Float32Array): Seen {
  const shown = withinBounds(environment, observation);
  return { observation: shown, reward: 0, terminated: false, truncated: false };
}

function withinBounds({ observationSpace }: Environment, observation: Float32Array): number[] {
  const { low, high } = observationSpace;
  observation.forEach((value, k) => {
    // A bound need not be a float32 number itself.
    if (value >= Math.fround(low[k]!) && value <= Math.fround(high[k]!)) return;
    const expected = `a number from ${low[k]!} to ${high[k]!}, as its space says`;
    throw mismatch('E_RANGE', `observation, value ${k}`, expected, value);
  });
  return [...observation];
}

function sameAs(expected: readonly Seen[], played: readonly Seen[], what: string): void {
  const parted = expected.findIndex(
    (seen, k) => JSON.stringify(seen) !== JSON.stringify(played[k]),
  );
  if (parted < 0) return;
  throw mismatch('E_ARGUMENT', 'environment', what, phrase(`others from step ${parted} on`));
}

/** Saved in the middle of play, restored into a new environment by way of JSON. */
function checkSaving(make: () => Environment, player: Player, seed: number): void {
  const half = Math.ceil(player.steps / 2);
  const played = new CheckedEnvironment(make());
  played.reset(seed);
  new Player(half, seed).playOn(played, 0);
  const saved = JSON.parse(JSON.stringify(saveOf(played))) as Saved;
  const expected = player.playOn(played, half);
  const restored = new CheckedEnvironment(make());
  restoreTo(restored, saved);
  sameAs(expected, player.playOn(restored, half), 'the same steps after save and restore');
}
