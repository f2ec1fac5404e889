import type { Network } from '../network.js';
import { networkFrom, networkBytes } from './checkpoint.js';
import type { AgentCheckpoint } from './checkpoint.js';
import { freshChoice } from './choice-state.js';
import type { ChoiceState } from './choice-state.js';
import { watchGoal } from './goal.js';
import type { Validation } from './validation.js';

/** Why a network was kept. */
export type Kept = 'validated' | 'best' | 'trained' | 'last';

export interface ChosenNetwork {
  readonly network: Network;
  readonly by: Kept;
  /** The episode after which it was kept. */
  readonly episode: number;
}

interface ChoiceParameters {
  readonly goal: number | null;
  readonly goalStay: number;
  readonly stopScore: number | null;
}

/** Which networks of a run are kept: the best by the published bookkeeping, and the best in validation. */
export class NetworkChoice {
  readonly #kept = new Map<string, Network>();

  constructor(
    private readonly parameters: ChoiceParameters,
    public state: ChoiceState = freshChoice,
    checkpoint?: AgentCheckpoint,
  ) {
    for (const name of ['validated', 'best', 'trained']) {
      const part = checkpoint?.parts[name];
      if (part !== undefined) this.#kept.set(name, networkFrom(part, `kept network '${name}'`));
    }
  }

  /** At the end of an episode: the mean of the hundred before it. */
  recordReturn(episode: number, earned: number, network: () => Network): number | null {
    const step = watchGoal(this.state.goal, episode, earned, this.parameters);
    this.state = { ...this.state, goal: step.state };
    if (step.isBest) this.#kept.set('best', network());
    if (step.isReached) this.#kept.set('trained', network());
    return step.mean;
  }

  /** Of networks that validate alike the later one is kept, a confirmed one before all that are not. */
  recordValidation(episode: number, { mean, confirmed }: Validation, network: () => Network): void {
    const before = this.state.validated;
    const rank = (one: Pick<Validation, 'confirmed'>): number => one.confirmed ?? -Infinity;
    const better =
      before === null ||
      rank({ confirmed }) > rank(before) ||
      (rank({ confirmed }) === rank(before) && mean >= before.mean);
    if (better) {
      this.#kept.set('validated', network());
      this.state = { ...this.state, validated: { mean, confirmed, episode } };
    }
    const { stopScore } = this.parameters;
    const satisfied = stopScore !== null && confirmed !== null && confirmed >= stopScore;
    if (satisfied) this.state = { ...this.state, satisfied };
  }

  /** Whether training may end before its last episode: at `stopScore`, the goal being reached. */
  get complete(): boolean {
    const goalReached = this.parameters.goal === null || this.state.goal.reached !== null;
    return this.state.satisfied && goalReached;
  }

  /** The network to keep: by validation where there was one, else by the best mean, else the last. */
  chosen(last: Network, lastEpisode: number): ChosenNetwork {
    const { validated, goal } = this.state;
    const named = validated !== null ? 'validated' : goal.bestEpisode !== null ? 'best' : undefined;
    if (named === undefined) return { network: last, by: 'last', episode: lastEpisode };
    const episode = named === 'validated' ? validated!.episode : goal.bestEpisode!;
    return { network: this.kept(named)!, by: named, episode };
  }

  kept(name: Exclude<Kept, 'last'>): Network | undefined {
    return this.#kept.get(name);
  }

  parts(): Readonly<Record<string, Uint8Array>> {
    return Object.fromEntries(
      [...this.#kept].map(([name, network]) => [name, networkBytes(network)]),
    );
  }
}
