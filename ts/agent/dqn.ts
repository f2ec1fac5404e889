import type { StepResult } from '../env/env.js';
import type { Network } from '../network.js';
import { Replay } from '../replay.js';
import { QTrainer } from '../trainer/q-trainer.js';
import { largestBetween } from './argmax.js';
import { Breath, refuseIfAborted } from './breath.js';
import { expectAgent, networkBytes, partOf } from './checkpoint.js';
import type { AgentCheckpoint } from './checkpoint.js';
import type { ChoiceState } from './choice-state.js';
import { NetworkChoice } from './choice.js';
import type { ChosenNetwork, Kept } from './choice.js';
import { readDqnParameters } from './dqn-parameters.js';
import type { DqnParameters } from './dqn-parameters.js';
import { learnsLong, qOptions, replayOptions, startingNetwork, taskOf } from './dqn-parts.js';
import type { DqnParts, Task } from './dqn-parts.js';
import { freshDqnState, readDqnState } from './dqn-state.js';
import type { DqnState } from './dqn-state.js';
import { epsilonAt, explorer } from './exploration.js';
import { LaneSet } from './lane-set.js';
import type { EndedLane } from './lane-set.js';
import type { Lane, Seat } from './lanes.js';
import { checkActions, resumeReplay } from './dqn-resume.js';
import type { Resumption } from './dqn-resume.js';
import type { EpisodeProgress, TrainOptions } from './progress.js';
import { validate } from './validation.js';

/** Some milliseconds of a network whose updates take long. */
const rowsOfLong = 8;

/**
 * Deep Q-learning (Mnih et al., Nature 518, 2015), with a float network or, by the same loop, with a spiking one.
 *
 * ```ts
 * const agent = new DqnAgent({ environment: 'cart-pole', episodes: 300, seed: 1 });
 * for await (const { episode, return: earned } of agent.train()) console.log(episode, earned);
 * agent.chosen().network.save('cart-pole.npz');
 * ```
 */
export class DqnAgent {
  readonly parameters: DqnParameters;
  readonly #task: Task;
  readonly #trainer: QTrainer;
  readonly #replay: Replay;
  readonly #choice: NetworkChoice;
  readonly #explore: (copy: number, step: number) => number;
  /** Undefined before training has begun. */
  #lanes: LaneSet | undefined;
  readonly #memory: Resumption | undefined;
  /** What is acted on: a row for each copy. */
  readonly #seen: Float32Array;
  readonly #long: boolean;
  readonly #state: DqnState;

  constructor(
    parameters: Partial<DqnParameters> = {},
    parts: DqnParts = {},
    from?: AgentCheckpoint,
  ) {
    if (from) expectAgent(from, 'dqn');
    this.parameters = readDqnParameters(from?.parameters ?? parameters);
    this.#task = taskOf(this.parameters, parts);
    const restored = from && readDqnState(from.state);
    const known = restored?.frozen;
    const { network, frozen } = startingNetwork(this.parameters, this.#task, parts, from, known);
    this.#long = learnsLong(this.parameters, network);
    this.#trainer = new QTrainer(network, qOptions(this.parameters, frozen));
    this.#replay = new Replay(replayOptions(this.parameters, this.#task, parts));
    this.#state = restored ?? freshDqnState(frozen, this.#task.actionNames);
    this.#choice = new NetworkChoice(this.parameters, this.#state.choice, from);
    this.#explore = explorer(this.parameters, this.#task.actions);
    this.#seen = new Float32Array(this.parameters.copies * this.#task.stateSize);
    if (!from) return;
    checkActions(this.#task, this.#state);
    this.#trainer.restore(partOf(from, 'trainer'));
    this.#memory = resumeReplay(this.#replay, partOf(from, 'replay'), parts);
  }

  /** Goes on from a checkpoint, bit for bit as the agent that wrote it would have. */
  static resume(checkpoint: AgentCheckpoint, parts: DqnParts = {}): DqnAgent {
    return new DqnAgent({}, parts, checkpoint);
  }

  get finished(): boolean {
    const { totalSteps, episodes } = this.parameters;
    const outOfSteps = totalSteps > 0 && this.#state.steps >= totalSteps;
    return outOfSteps || this.#choice.complete || this.#state.ended >= episodes;
  }

  /** Of a resumed agent: whether its replay memory is as the checkpoint has it. */
  get memory(): Resumption | undefined {
    return this.#memory;
  }

  /** Steps of all copies, episodes that have ended, and updates up to now. */
  get steps(): number {
    return this.#state.steps;
  }

  get episodes(): number {
    return this.#state.ended;
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
    const { pending } = this.#state;
    this.#lanes ??= await this.#begin();
    for (;;) {
      if (this.#state.validationDue) await this.#validate(options.signal);
      for (let told = pending.shift(); told !== undefined; told = pending.shift()) {
        options.onProgress?.(told);
        yield told;
      }
      if (this.finished) return;
      if (breath.due) await breath.take();
      refuseIfAborted(options.signal);
      const before = this.#state.steps;
      const actions = this.#choose(this.#lanes);
      const ahead = this.#lanes.ahead(actions);
      if (ahead) await ahead;
      const ended = this.#lanes.step(actions, (copy, action, result) => {
        this.#remember(copy, action, result);
      });
      await this.#learn(before);
      for (const one of ended) {
        if (this.#state.begun < this.parameters.episodes) {
          await this.#lanes.beginAhead(one, this.#state.begun);
        }
        this.#endEpisode(one, this.#lanes);
      }
    }
  }

  /** Episodes of every copy from their beginnings, or those of a checkpoint up to where they stood. */
  async #begin(): Promise<LaneSet> {
    const { seed, copies, episodes } = this.parameters;
    const state = this.#state;
    const seats = (count: number): Seat[] =>
      Array.from({ length: count }, (_, copy) => this.#task.seat(copy));
    const remembered = this.#memory === undefined || this.#memory === 'exact';
    if (remembered && state.lanes.length > 0) {
      return LaneSet.again(seats(state.lanes.length), seed, state.lanes);
    }
    // Of episodes that were under way without their memory, nothing is left.
    const first = state.ended;
    const count = Math.min(copies, episodes - first);
    const begun = await LaneSet.begun(seats(count), seed, first, (lane, copy) => {
      this.#replay.begin(lane.observation, copy);
    });
    state.begun = first + count;
    return begun;
  }

  /** What each copy is to do next. */
  #choose(lanes: LaneSet): number[] {
    const { actions } = this.#task;
    const drawn = lanes.map((lane, copy) => {
      this.#look(lane, copy);
      return this.#explore(copy, this.#state.steps);
    }, 0);
    if (!drawn.includes(-1)) return drawn;
    const values = this.#acting();
    return drawn.map((action, copy) =>
      action === -1 ? largestBetween(values, copy * actions, (copy + 1) * actions) : action,
    );
  }

  #acting(): Float32Array {
    return this.parameters.actTarget
      ? this.#trainer.targetForwardSync(this.#seen)
      : this.#trainer.forwardSync(this.#seen);
  }

  #look(lane: Lane, copy: number): void {
    const { frames } = this.parameters;
    const state = frames === 1 ? lane.observation : this.#replay.state(copy);
    this.#seen.set(state, copy * this.#task.stateSize);
  }

  #remember(copy: number, action: number, result: StepResult): void {
    const { stateSize } = this.#task;
    const observation = this.#seen.subarray(copy * stateSize, (copy + 1) * stateSize);
    const { rewardMin, rewardMax, timeLimit, lifeLossEnds } = this.parameters;
    const { observation: next, terminated, truncated, lifeLost = false } = result;
    const step = { observation, action, reward: result.reward, next, terminated, truncated };
    const reward = this.#task.reward(step);
    const clipped = Math.max(rewardMin ?? -Infinity, Math.min(rewardMax ?? Infinity, reward));
    const flags = {
      terminated: terminated || (truncated && timeLimit === 'terminal'),
      truncated: truncated && timeLimit !== 'terminal',
      lifeLost: lifeLost && lifeLossEnds,
      // As published: what the last permitted step does is not learnt from, whatever it is.
      discard: truncated && timeLimit === 'drop',
    };
    this.#replay.add(action, clipped, next, flags, copy);
    this.#state.steps += 1;
  }

  /** The updates that are due after the steps since `before`. */
  async #learn(before: number): Promise<void> {
    const { batch, learningStarts, learnEvery, updatesEach, target, targetEvery, targetTau } =
      this.parameters;
    const passed = (every: number): number =>
      Math.floor(this.#state.steps / every) - Math.floor(before / every);
    const ready = this.#replay.size >= Math.max(batch, learningStarts);
    const updates = ready ? passed(learnEvery) * updatesEach : 0;
    const soft = target === 'soft';
    for (let done = 0; done < updates; done += soft ? 1 : updates) {
      const count = soft ? 1 : updates;
      const { loss, meanQ } = this.#long
        ? await this.#trainer.update(this.#replay, { batch, count })
        : this.#trainer.updateSync(this.#replay, { batch, count });
      this.#state.loss += loss * count;
      this.#state.meanQ += meanQ * count;
      this.#state.updates += count;
      if (soft) this.#trainer.syncTarget(targetTau);
    }
    if (target === 'steps' && passed(targetEvery) > 0) this.#trainer.syncTarget();
  }

  #endEpisode({ copy, lane }: EndedLane, lanes: LaneSet): void {
    const state = this.#state;
    const { target, targetEvery, validateEvery, episodes } = this.parameters;
    const { episode } = lane;
    if (target === 'episodes' && episode % targetEvery === 0) this.#trainer.syncTarget();
    const mean = this.#choice.recordReturn(episode, lane.earned, () => this.network());
    state.ended += 1;
    state.pending.push({
      episode,
      return: lane.earned,
      steps: lane.steps,
      totalSteps: state.steps,
      updates: this.#trainer.updates,
      epsilon: epsilonAt(this.parameters, state.steps - 1),
      loss: state.updates > 0 ? state.loss / state.updates : null,
      meanQ: state.updates > 0 ? state.meanQ / state.updates : null,
      remembered: this.#replay.size,
      mean,
      goalEpisode: this.#choice.state.goal.reached,
      learningRate: this.#trainer.learningRate,
    });
    [state.loss, state.meanQ, state.updates] = [0, 0, 0];
    state.validationDue ||= validateEvery > 0 && state.ended % validateEvery === 0;
    if (state.begun < episodes) {
      this.#replay.begin(lane.begin(state.begun), copy);
      state.begun += 1;
    } else {
      lanes.close(copy);
    }
  }

  async #validate(signal: AbortSignal | undefined): Promise<void> {
    const { validateTarget } = this.parameters;
    const validation = await validate({
      ...this.parameters,
      environment: await this.#task.validated(),
      values: (observations) =>
        validateTarget ? this.#trainer.targetForwardSync(observations) : this.values(observations),
      rowsAtOnce: this.#long ? rowsOfLong : Infinity,
      signal,
    });
    const told = this.#state.pending.pop()!;
    this.#choice.recordValidation(told.episode, validation, () =>
      validateTarget ? this.#trainer.targetNetwork() : this.network(),
    );
    this.#state.pending.push({ ...told, validation });
    this.#state.validationDue = false;
  }

  /** What the network as it is now gives for rows of observations. */
  values(observations: Float32Array): Float32Array {
    return this.#trainer.forwardSync(observations);
  }

  /** The network as it is now. */
  network(): Network {
    return this.#trainer.network();
  }

  /** The network to keep: the best in validation, or by the mean of a hundred episodes, or the last. */
  chosen(): ChosenNetwork {
    return this.#choice.chosen(this.network(), this.#state.ended - 1);
  }

  /** One of the networks that were kept, where there is one. */
  kept(which: Exclude<Kept, 'last'>): Network | undefined {
    return this.#choice.kept(which);
  }

  /** All that `resume` needs; to be asked for between two turns of `train`. */
  checkpoint(): AgentCheckpoint {
    const { parameters } = this;
    const lanes = this.#lanes?.states() ?? this.#state.lanes;
    const state = { ...this.#state, lanes, choice: this.#choice.state };
    const parts = {
      ...this.#choice.parts(),
      network: networkBytes(this.network()),
      trainer: this.#trainer.save(),
      replay: this.#replay.save(),
    };
    return { agent: 'dqn', parameters, state: structuredClone(state), parts };
  }

  close(): void {
    this.#trainer.close();
    this.#replay.close();
  }
}
