import { checkFloatArray } from './check.js';
import { addon, runJob, translate, translated } from './native.js';
import type {
  JobOptions,
  NativeGradients,
  NativeTrainer,
  NativeTrainerForward,
  NativeUpdate,
  Observations,
  Precision,
  Reals,
} from './native.js';
import { Network } from './network.js';
import type { StreamPosition } from './simulator.js';
import { lossCall } from './trainer/loss.js';
import type { Loss } from './trainer/loss.js';
import { trainerCall } from './trainer/options.js';
import type { TrainerOptions } from './trainer/options.js';
import { checkBytes, outputRoom, positionCall } from './trainer/rows.js';

export { losses } from './trainer/loss.js';
export type { Loss } from './trainer/loss.js';
export { optimisers } from './trainer/optimiser.js';
export type { GradientClip, Optimiser, Schedule } from './trainer/optimiser.js';
export { surrogates } from './trainer/options.js';
export type { Surrogate, SurrogateKind, Trainable, TrainerOptions } from './trainer/options.js';
export { QTrainer } from './trainer/q-trainer.js';
export type {
  LearnOptions,
  QReport,
  QTrainerOptions,
  TransitionBatch,
} from './trainer/q-trainer.js';

/** What the loss says of one field of one node, as the graph has it; a number has no sizes. */
export interface Gradient<P extends Precision = Precision> {
  readonly node: string;
  readonly field: string;
  readonly shape: readonly number[];
  readonly data: Reals<P>;
}

export interface Gradients<P extends Precision = Precision> {
  readonly loss: number;
  readonly outputs: Reals<P>;
  readonly gradients: readonly Gradient<P>[];
}

/**
 * A network in training: float by backpropagation, spiking through time with surrogate gradients. Given the same
 * network, options and calls, the same weights come, whatever the number of threads.
 *
 * ```ts
 * const trainer = new Trainer(network, { optimiser: { kind: 'adam', learningRate: 1e-3 } });
 * const loss = trainer.updateSync(observations, { kind: 'cross-entropy', labels });
 * const trained = trainer.network();
 * ```
 */
export class Trainer<P extends Precision = 'float32'> {
  readonly inputSize: number;
  readonly outputSize: number;
  readonly #native: NativeTrainer;
  readonly #forward: NativeTrainerForward;
  readonly #update: NativeUpdate;
  readonly #precision: Precision;

  constructor(network: Network, options: TrainerOptions<P> = {}) {
    const graph = Network.nativeOf(network);
    const { precision = 'float32' } = options;
    const call = trainerCall(network, options, { names: ['precision'], values: { precision } });
    this.#native = translated(() => new (addon().Trainer)(graph, call));
    this.#forward = this.#native.boundForward();
    this.#update = this.#native.boundUpdate();
    this.#precision = precision;
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

  /** Outputs of the network of now, a spiking one's raw decoding; into an array that is there, or a new one. */
  forwardSync(
    observations: Observations,
    into?: Reals<P>,
    position: StreamPosition = {},
  ): Reals<P> {
    const out = into ?? (outputRoom(this, observations, this.#precision) as Reals<P>);
    try {
      this.#forward(observations, out, ...positionCall(position));
    } catch (error) {
      throw translate(error);
    }
    return out;
  }

  /** One update, before it returns; the loss is that of the weights before it. */
  updateSync(observations: Observations, loss: Loss): number {
    const call = lossCall(loss);
    try {
      return this.#update(observations, ...call);
    } catch (error) {
      throw translate(error);
    }
  }

  /** `updateSync` off this thread. The trainer takes no other call meanwhile; a cancelled one has changed nothing. */
  async update(observations: Observations, loss: Loss, options: JobOptions = {}): Promise<number> {
    const call = lossCall(loss);
    return runJob(() => this.#native.startUpdate(observations, ...call), options);
  }

  /** What the next update would go by, without making it. */
  gradients(observations: Observations, loss: Loss): Gradients<P> {
    checkFloatArray(observations, 'observations');
    const call = lossCall(loss);
    const found: NativeGradients = translated(() => this.#native.gradients(observations, ...call));
    // The addon gives arrays of the precision that it was built with.
    return found as unknown as Gradients<P>;
  }

  /** A network of its own with the weights of now. */
  network(): Network {
    return Network.fromGraph(translated(() => this.#native.graph()));
  }

  /** Weights, what the optimiser remembers, and counters, for a trainer of the same network and optimiser. */
  save(): Uint8Array {
    return translated(() => this.#native.save());
  }

  /** Takes what another trainer has come to. Bytes that are refused change nothing. */
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
}
