import type { Environment } from '../env/env.js';
import { streams, uniformsOf } from '../env/philox.js';
import { Fields } from '../formats/fields.js';
import type { Network } from '../network.js';
import { Trainer } from '../trainer.js';
import { Breath, refuseIfAborted } from './breath.js';
import { expectAgent, networkBytes, partOf } from './checkpoint.js';
import type { AgentCheckpoint } from './checkpoint.js';
import type { ChoiceState } from './choice-state.js';
import { readChoice } from './choice-state.js';
import { NetworkChoice } from './choice.js';
import type { ChosenNetwork, Kept } from './choice.js';
import { startingNetwork, taskOf } from './dqn-parts.js';
import type { PlayParts, Task } from './dqn-parts.js';
import { Lane } from './lanes.js';
import type { EpisodeProgress, TrainOptions } from './progress.js';
import { readProgress } from './progress-state.js';
import { readReinforceParameters } from './reinforce-parameters.js';
import type { ReinforceParameters } from './reinforce-parameters.js';
import { discountedReturns, standardised } from './returns.js';
import { trainerOptions } from './trainer-options.js';
import { validate } from './validation.js';

/** What an update learns from. */
interface Experience {
  readonly observations: number[];
  readonly actions: number[];
  readonly returns: number[];
}

/**
 * REINFORCE (Williams, Machine Learning 8, 1992): after every few episodes the log-probabilities of what was done
 * move by what it earned.
 *
 * ```ts
 * const agent = new ReinforceAgent({ environment: 'cart-pole', episodes: 300, seed: 1 });
 * for await (const { episode, return: earned } of agent.train()) console.log(episode, earned);
 * ```
 */
export class ReinforceAgent {
  readonly parameters: ReinforceParameters;
  readonly #task: Task;
  readonly #trainer: Trainer;
  readonly #choice: NetworkChoice;
  readonly #environment: Environment;
  readonly #random: (episode: number, step: number, index: number) => number;
  readonly #pending: EpisodeProgress[];
  readonly #frozen: readonly string[];
  /** Episodes whose end was recorded, steps of these, and whether a validation has to follow. */
  #ended = 0;
  #steps = 0;
  #validationDue = false;
  /** The first episode since the last update, and the experience since. */
  #first = 0;
  #next = 0;
  #experience: Experience = { observations: [], actions: [], returns: [] };
  #loss: number | null = null;

  constructor(
    parameters: Partial<ReinforceParameters> = {},
    parts: PlayParts = {},
    from?: AgentCheckpoint,
  ) {
    if (from) expectAgent(from, 'reinforce');
    this.parameters = readReinforceParameters(from?.parameters ?? parameters);
    const fields = from && new Fields(from.state, 'state of the checkpoint');
    this.#task = taskOf(this.parameters, parts);
    const known = fields?.strings('frozen');
    const { network, frozen } = startingNetwork(this.parameters, this.#task, parts, from, known);
    this.#frozen = frozen;
    this.#trainer = new Trainer(network, trainerOptions(this.parameters, frozen));
    this.#environment = this.#task.seat(0).environment;
    this.#random = uniformsOf(this.parameters.seed, streams.actions);
    const choice = fields && readChoice(fields.raw('choice'), 'choice of the checkpoint');
    this.#choice = new NetworkChoice(this.parameters, choice, from);
    this.#pending = (fields?.list('pending') ?? []).map((told, k) =>
      readProgress(told, `progress ${k} of the checkpoint`),
    );
    if (!fields) return;
    this.#trainer.restore(partOf(from, 'trainer'));
    this.#ended = fields.count('ended');
    this.#steps = fields.count('steps');
    this.#validationDue = fields.boolean('validationDue');
    // Episodes since the last update are played again: same seeds, same draws, same weights.
    this.#first = this.#next = fields.count('first');
    this.#loss = fields.raw('loss') === null ? null : fields.number('loss');
    fields.done();
  }

  /** Goes on from a checkpoint, bit for bit as the agent that wrote it would have. */
  static resume(checkpoint: AgentCheckpoint, parts: PlayParts = {}): ReinforceAgent {
    return new ReinforceAgent({}, parts, checkpoint);
  }

  get finished(): boolean {
    const { totalSteps, episodes } = this.parameters;
    const outOfSteps = totalSteps > 0 && this.#steps >= totalSteps;
    return outOfSteps || this.#choice.complete || this.#ended >= episodes;
  }

  /** Steps and number of the episodes that have ended, and updates up to now. */
  get steps(): number {
    return this.#steps;
  }

  get episodes(): number {
    return this.#ended;
  }

  get updates(): number {
    return this.#trainer.updates;
  }

  /** What is known of the goal and of the networks that were kept. */
  get record(): ChoiceState {
    return this.#choice.state;
  }

  /**
   * Learns until it is finished, and gives progress at the end of every episode. Whoever breaks off may call `train`
   * again, which goes on.
   */
  async *train(options: TrainOptions = {}): AsyncGenerator<EpisodeProgress, void, void> {
    const breath = new Breath();
    for (;;) {
      if (this.#validationDue) await this.#validate(options.signal);
      for (let told = this.#pending.shift(); told !== undefined; told = this.#pending.shift()) {
        options.onProgress?.(told);
        yield told;
      }
      if (this.finished) return;
      const episode = this.#next;
      const lane = await this.#play(episode, breath, options.signal);
      this.#next += 1;
      if (this.#next - this.#first === this.parameters.episodesPerUpdate) await this.#learn();
      if (episode >= this.#ended) this.#endEpisode(lane);
    }
  }

  /** An episode with actions drawn from the network's probabilities. */
  async #play(episode: number, breath: Breath, signal: AbortSignal | undefined): Promise<Lane> {
    const lane = new Lane(this.#environment, this.parameters.seed, episode);
    const observations: number[] = [];
    const actions: number[] = [];
    const rewards: number[] = [];
    for (let over = false; !over;) {
      if (breath.due) await breath.take();
      refuseIfAborted(signal);
      const observation = lane.observation.slice();
      const outputs = this.#trainer.forwardSync(observation);
      const action = drawn(outputs, this.#random(episode, lane.steps, 0));
      const { observation: next, reward, terminated, truncated } = lane.step(action);
      for (const value of observation) observations.push(value);
      actions.push(action);
      rewards.push(this.#task.reward({ observation, action, reward, next, terminated, truncated }));
      over = terminated || truncated;
    }
    const experience = this.#experience;
    this.#experience = {
      observations: experience.observations.concat(observations),
      actions: experience.actions.concat(actions),
      returns: experience.returns.concat(discountedReturns(rewards, this.parameters.gamma)),
    };
    return lane;
  }

  async #learn(): Promise<void> {
    const { observations, actions, returns } = this.#experience;
    this.#loss = await this.#trainer.update(Float32Array.from(observations), {
      kind: 'policy-gradient',
      actions: Int32Array.from(actions),
      returns: Float32Array.from(this.parameters.standardise ? standardised(returns) : returns),
    });
    this.#experience = { observations: [], actions: [], returns: [] };
    this.#first = this.#next;
  }

  #endEpisode({ episode, earned, steps }: Lane): void {
    const { validateEvery } = this.parameters;
    this.#ended = episode + 1;
    this.#steps += steps;
    const mean = this.#choice.recordReturn(episode, earned, () => this.network());
    this.#pending.push({
      episode,
      return: earned,
      steps,
      totalSteps: this.#steps,
      updates: this.#trainer.updates,
      epsilon: null,
      loss: this.#loss,
      meanQ: null,
      remembered: 0,
      mean,
      goalEpisode: this.#choice.state.goal.reached,
      learningRate: this.#trainer.learningRate,
    });
    this.#validationDue = validateEvery > 0 && this.#ended % validateEvery === 0;
  }

  async #validate(signal: AbortSignal | undefined): Promise<void> {
    const validation = await validate({
      ...this.parameters,
      environment: await this.#task.validated(),
      values: (observations) => this.values(observations),
      rowsAtOnce: Infinity,
      signal,
    });
    const told = this.#pending.pop()!;
    this.#choice.recordValidation(told.episode, validation, () => this.network());
    this.#pending.push({ ...told, validation });
    this.#validationDue = false;
  }

  /** What the network as it is now gives for rows of observations. */
  values(observations: Float32Array): Float32Array {
    return this.#trainer.forwardSync(observations);
  }

  /** The network as it is now; its outputs are the logarithms of probabilities, up to a constant. */
  network(): Network {
    return this.#trainer.network();
  }

  /** The network to keep: the best in validation, or by the mean of a hundred episodes, or the last. */
  chosen(): ChosenNetwork {
    return this.#choice.chosen(this.network(), this.#ended - 1);
  }

  /** One of the networks that were kept, where there is one. */
  kept(which: Exclude<Kept, 'last'>): Network | undefined {
    return this.#choice.kept(which);
  }

  /** All that `resume` needs; to be asked for between two turns of `train`. */
  checkpoint(): AgentCheckpoint {
    const { parameters } = this;
    const state = {
      frozen: this.#frozen,
      choice: this.#choice.state,
      pending: this.#pending,
      ended: this.#ended,
      steps: this.#steps,
      validationDue: this.#validationDue,
      first: this.#first,
      loss: this.#loss,
    };
    const parts = {
      ...this.#choice.parts(),
      network: networkBytes(this.network()),
      trainer: this.#trainer.save(),
    };
    return { agent: 'reinforce', parameters, state: structuredClone(state), parts };
  }

  close(): void {
    this.#trainer.close();
  }
}

/** The action on which `uniform` falls when the outputs' softmax shares out the numbers from 0 to 1. */
function drawn(outputs: Float32Array, uniform: number): number {
  const largest = outputs.reduce((most, value) => Math.max(most, value), -Infinity);
  const shares = Array.from(outputs, (value) => Math.exp(value - largest));
  let left = uniform * shares.reduce((sum, share) => sum + share, 0);
  for (const [action, share] of shares.entries()) {
    left -= share;
    if (left < 0) return action;
  }
  return shares.length - 1;
}
