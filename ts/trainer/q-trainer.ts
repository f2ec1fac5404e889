import { checkNames } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import { addon, runJob, translate, translated } from '../native.js';
import type {
  JobOptions,
  NativeLearn,
  NativeLearnBatch,
  NativeQForward,
  NativeQTrainer,
  Observations,
} from '../native.js';
import { Network } from '../network.js';
import { Replay } from '../replay.js';
import type { StreamPosition } from '../simulator.js';
import { trainerCall } from './options.js';
import type { TrainerOptions } from './options.js';
import { checkBytes, outputRoom, positionCall } from './rows.js';

export interface QTrainerOptions extends Omit<TrainerOptions, 'precision'> {
  /** What the next step's value is worth, where a batch says no more than which states are terminal (0.99). */
  readonly gamma?: number;
  /** Chooses the next action by the network that learns and values it by the target network (default true). */
  readonly double?: boolean;
  /** Of the errors of the actions taken (default `mse`). */
  readonly loss?: 'mse' | 'huber' | 'clipped-error';
  /** Where `huber` and `clipped-error` cut (default 1). */
  readonly errorClip?: number;
  /**
   * Advantage learning: the targets of all but the best action are lowered by this share of how much worse they are, which
   * widens the gaps between actions by up to 1/(1 − share) (default 0).
   */
  readonly gapShare?: number;
  /** What rewards are cut to; of several steps, their discounted sum. */
  readonly reward?: { readonly min?: number; readonly max?: number };
  /** What the target network begins as (left out, the network that learns). */
  readonly target?: Network;
}

/** Transitions of the user's own, [rows] each, observations laid end to end. */
export interface TransitionBatch {
  readonly observations: Observations;
  readonly actions: Int32Array;
  readonly rewards: Observations;
  readonly nextObservations: Observations;
  /** What the next state's value is worth, 0 behind a terminal one; or `terminated`, 1 where it is. */
  readonly discounts?: Observations;
  readonly terminated?: Uint8Array;
  /** Importance of each; left out, 1. */
  readonly weights?: Observations;
}

export interface LearnOptions {
  /** Transitions of an update. */
  readonly batch: number;
  /** Updates, each on transitions drawn anew (default 1). */
  readonly count?: number;
}

export interface QReport {
  readonly loss: number;
  /** Mean over the states of the value of their best action. */
  readonly meanQ: number;
}

const ownNames = ['gamma', 'double', 'loss', 'errorClip', 'gapShare', 'reward', 'target'];
const learnNames = ['batch', 'count'];
const batchNames = [
  'observations',
  'actions',
  'rewards',
  'nextObservations',
  'discounts',
  'terminated',
  'weights',
];

/**
 * A Q-network in training, float or spiking, beside the network that gives its targets.
 *
 * ```ts
 * const trainer = new QTrainer(network, { double: true, clip: { value: 1 } });
 * const { loss } = trainer.updateBatchSync({ observations, actions, rewards, nextObservations, terminated });
 * trainer.syncTarget();
 * ```
 */
export class QTrainer {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly gamma: number;
  readonly #native: NativeQTrainer;
  readonly #forward: NativeQForward;
  readonly #learn: NativeLearn;
  readonly #learnBatch: NativeLearnBatch;
  readonly #report = new Float64Array(2);

  constructor(network: Network, options: QTrainerOptions = {}) {
    const graph = Network.nativeOf(network);
    const { gamma = 0.99, double, loss, errorClip, gapShare } = options;
    const { reward = {}, target = network } = options;
    if (!(gamma >= 0 && gamma <= 1))
      throw mismatch('E_RANGE', "trainer option 'gamma'", 'a number from 0 to 1', gamma);
    if (loss !== undefined && !['mse', 'huber', 'clipped-error'].includes(loss)) {
      const expected = 'one of mse, huber, clipped-error';
      throw mismatch('E_ARGUMENT', "trainer option 'loss'", expected, loss);
    }
    checkNames(reward, ['min', 'max'], "trainer option 'reward'");
    const values = {
      double,
      loss,
      errorClip,
      gapShare,
      leastReward: reward.min,
      mostReward: reward.max,
    };
    const call = trainerCall(network, options, { names: ownNames, values });
    const second = Network.nativeOf(target);
    this.#native = translated(() => new (addon().QTrainer)(graph, call, second));
    this.#forward = this.#native.boundForward();
    this.#learn = this.#native.boundLearn();
    this.#learnBatch = this.#native.boundLearnBatch();
    this.gamma = gamma;
    const { inputSize, outputSize } = this.#native.describe();
    this.inputSize = inputSize;
    this.outputSize = outputSize;
  }

  /** Updates made so far. */
  get updates(): number {
    return translated(() => this.#native.progress())[0];
  }

  /** Of the next update. */
  get learningRate(): number {
    return translated(() => this.#native.progress())[1];
  }

  /** Norm of all gradients of the last update, cut by value, before they were scaled. */
  get gradientNorm(): number {
    return translated(() => this.#native.progress())[2];
  }

  /** Q-values of the network that learns; into an array that is there, or a new one. */
  forwardSync(
    observations: Observations,
    into?: Float32Array,
    position: StreamPosition = {},
  ): Float32Array {
    return this.#valuesOf(false, observations, into, position);
  }

  /** Q-values of the target network. */
  targetForwardSync(
    observations: Observations,
    into?: Float32Array,
    position: StreamPosition = {},
  ): Float32Array {
    return this.#valuesOf(true, observations, into, position);
  }

  /**
   * Updates on transitions drawn from a replay, before it returns; of several, the means. A prioritised replay is
   * given their errors.
   */
  updateSync(replay: Replay, options: LearnOptions): QReport {
    checkNames(options, learnNames, 'learn option');
    const memory = Replay.nativeOf(replay);
    try {
      this.#learn(memory, options.batch, options.count ?? 1, this.#report);
    } catch (error) {
      throw translate(error);
    }
    return { loss: this.#report[0]!, meanQ: this.#report[1]! };
  }

  /**
   * `updateSync` off this thread. Trainer and replay take no other call meanwhile; where it fails or is cancelled, the
   * updates before that stay made.
   */
  async update(replay: Replay, options: LearnOptions & JobOptions): Promise<QReport> {
    const { batch, count = 1, ...job } = options;
    checkNames(options, [...learnNames, 'signal', 'onProgress'], 'learn option');
    const memory = Replay.nativeOf(replay);
    const [loss, meanQ] = await runJob(() => this.#native.startLearn(memory, batch, count), job);
    return { loss, meanQ };
  }

  /** One update on transitions given, before it returns; `errors` has target less value of each. */
  updateBatchSync(batch: TransitionBatch): QReport & { readonly errors: Float32Array } {
    checkNames(batch, batchNames, 'batch');
    const { observations, actions, rewards, nextObservations, weights } = batch;
    if (!((actions as unknown) instanceof Int32Array))
      throw mismatch('E_ARGUMENT', 'actions', 'an Int32Array', actions);
    const errors = new Float32Array(actions.length);
    const discounts = this.#discounts(batch);
    try {
      this.#learnBatch(
        observations,
        actions,
        rewards,
        nextObservations,
        discounts,
        weights,
        errors,
        this.#report,
      );
    } catch (error) {
      throw translate(error);
    }
    return { loss: this.#report[0]!, meanQ: this.#report[1]!, errors };
  }

  /** target ← (1 − τ) · target + τ · policy; 1 copies the weights. */
  syncTarget(tau = 1): void {
    if (!(tau >= 0 && tau <= 1)) throw mismatch('E_RANGE', 'tau', 'a number from 0 to 1', tau);
    translated(() => {
      this.#native.syncTarget(tau);
    });
  }

  /** A network of its own with the weights of now. */
  network(): Network {
    return Network.fromGraph(translated(() => this.#native.graph(false)));
  }

  targetNetwork(): Network {
    return Network.fromGraph(translated(() => this.#native.graph(true)));
  }

  /** Both networks' weights, what the optimiser remembers, and counters. */
  save(): Uint8Array {
    return translated(() => this.#native.save());
  }

  /** Takes what another trainer of the same network and optimiser has come to. Bytes that are refused change nothing. */
  restore(bytes: Uint8Array): void {
    checkBytes(bytes);
    translated(() => {
      this.#native.restore(bytes);
    });
  }

  /** Gives the memory back; every later call is refused. */
  close(): void {
    this.#native.close();
  }

  #valuesOf(
    ofTarget: boolean,
    observations: Observations,
    into: Float32Array | undefined,
    position: StreamPosition,
  ): Float32Array {
    const out = into ?? (outputRoom(this, observations, 'float32') as Float32Array);
    try {
      this.#forward(observations, out, ofTarget, ...positionCall(position));
    } catch (error) {
      throw translate(error);
    }
    return out;
  }

  #discounts({ discounts, terminated }: TransitionBatch): Observations {
    if ((discounts === undefined) === (terminated === undefined)) {
      const received = discounts === undefined ? 'neither' : 'both';
      throw mismatch('E_ARGUMENT', 'batch', 'either discounts or terminated', phrase(received));
    }
    if (discounts !== undefined) return discounts;
    if (!(terminated instanceof Uint8Array))
      throw mismatch('E_ARGUMENT', 'terminated', 'a Uint8Array', terminated);
    return Float32Array.from(terminated, (ended) => (ended === 0 ? this.gamma : 0));
  }
}
