import type { AgentCheckpoint } from '../agent/checkpoint.js';
import { agentKinds } from '../agent/checkpoint.js';
import type { EpisodeProgress } from '../agent/progress.js';
import { Fields } from '../formats/fields.js';
import { PhaseMeter } from '../run/index.js';
import type { Checkpoint, JsonObject, MeterState, Run } from '../run/index.js';

/** Seconds between two checkpoints at least; they change no result. */
const checkpointSeconds = 30;
/** Large networks take longer to write: training is to wait for a fiftieth of its time at most. */
const shareOfTime = 50;

/** Columns behind those that every run has. */
export const ownColumns = ['batch_meanq'] as const;

/** Episodes of a row of metrics.csv, where no validation ends an epoch. */
const epochWithoutValidation = 50;

interface Checkpointed {
  checkpoint(): AgentCheckpoint;
}

/** Writes down what an agent tells into its run's folder, and checkpoints it now and then. */
export class Recorder {
  #meter: PhaseMeter;
  #updates: number;
  #checkpointed: number;
  #writingTook = 0;

  constructor(
    private readonly run: Run,
    private readonly agent: Checkpointed,
    private readonly play: { readonly validateEvery: number; readonly validateEpisodes: number },
    from: Checkpoint | undefined,
    /** Mean largest Q-value of states held out of training, by the network as it is now. */
    private readonly heldOut?: () => Promise<number>,
  ) {
    const recorder = from && new Fields(from.state.recorder, 'recorder of the checkpoint');
    this.#meter = new PhaseMeter(recorder?.raw('meter') as MeterState | undefined);
    this.#updates = recorder?.count('updates') ?? 0;
    this.#checkpointed = run.seconds;
  }

  async episode(told: EpisodeProgress): Promise<void> {
    const { run } = this;
    run.recordEpisode({
      episode: told.episode + 1,
      steps: told.steps,
      return: told.return,
      totalSteps: told.totalSteps,
      epsilon: told.epsilon ?? undefined,
    });
    this.#meter.addSteps(told.steps);
    this.#meter.addGame(told.return, told.steps);
    const updates = told.updates - this.#updates;
    if (told.loss !== null && updates > 0) this.#meter.addLoss(told.loss, updates);
    this.#updates = told.updates;
    if (this.#meter.games === this.#length) {
      await this.#epoch(told, run.rows.episodes / this.#length);
    }
    if (told.validation !== undefined) {
      run.recordPhase({
        epoch: this.epochs,
        phase: 'test',
        nr_games: this.play.validateEpisodes,
        average_reward: told.validation.mean,
        meanq: await this.heldOut?.(),
        total_train_steps: told.totalSteps,
        weight_updates: told.updates,
      });
    }
    this.#checkpointIfDue(told.totalSteps);
  }

  /** The row of the last epoch, which may be shorter than the others. */
  async finish(last: EpisodeProgress | undefined): Promise<void> {
    if (last === undefined || this.#meter.games === 0) return;
    await this.#epoch(last, this.run.rows.episodes / this.#length);
  }

  /** Where the rows stand on the axis of epochs. */
  get epochs(): number {
    return Math.ceil(this.run.rows.episodes / this.#length);
  }

  get #length(): number {
    const { validateEvery } = this.play;
    return validateEvery > 0 ? validateEvery : epochWithoutValidation;
  }

  async #epoch(told: EpisodeProgress, epoch: number): Promise<void> {
    this.run.recordPhase({
      ...this.#meter.row(),
      epoch: Math.ceil(epoch),
      phase: 'train',
      meanq: await this.heldOut?.(),
      last_exploration_rate: told.epsilon ?? undefined,
      total_train_steps: told.totalSteps,
      replay_memory_count: told.remembered,
      weight_updates: told.updates,
      total_games: this.run.rows.episodes,
      learning_rate: told.learningRate,
      batch_meanq: told.meanQ ?? undefined,
    });
    this.#meter = new PhaseMeter();
  }

  report(report: { updates: number; loss: number; accuracy: number; learningRate: number }): void {
    this.run.recordPhase({
      epoch: this.run.rows.metrics + 1,
      phase: 'train',
      meancost: report.loss,
      weight_updates: report.updates,
      accuracy: report.accuracy,
      learning_rate: report.learningRate,
    });
    this.#checkpointIfDue(report.updates);
  }

  #checkpointIfDue(number: number): void {
    const pause = Math.max(checkpointSeconds, shareOfTime * this.#writingTook);
    if (this.run.seconds - this.#checkpointed < pause) return;
    this.checkpoint(number);
  }

  /** Writes a checkpoint, unless that of this number is there. */
  checkpoint(number: number): void {
    const latest = this.run.checkpoints().at(-1);
    if (latest !== undefined && latest.number >= number) return;
    const begin = this.run.seconds;
    const { parts, ...header } = this.agent.checkpoint();
    const recorder = { meter: this.#meter.save(), updates: this.#updates };
    const state = { ...header, recorder, parts: Object.keys(parts) } as unknown as JsonObject;
    this.run.saveCheckpoint({ number, state, parts });
    this.#checkpointed = this.run.seconds;
    this.#writingTook = this.#checkpointed - begin;
  }
}

/** The agent's checkpoint in a run's one. */
export function agentCheckpoint(checkpoint: Checkpoint): AgentCheckpoint {
  const fields = new Fields(checkpoint.state, 'checkpoint');
  const parts = fields.strings('parts');
  return {
    agent: fields.oneOf('agent', agentKinds),
    parameters: fields.raw('parameters') as AgentCheckpoint['parameters'],
    state: fields.raw('state') as AgentCheckpoint['state'],
    parts: Object.fromEntries(parts.map((name) => [name, checkpoint.part(name)])),
  };
}
