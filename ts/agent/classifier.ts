import { crc32 } from 'node:zlib';
import { rowsOf } from '../check.js';
import { Random } from '../env/random.js';
import { seedOf, streams } from '../env/philox.js';
import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import type { Network } from '../network.js';
import { Trainer } from '../trainer.js';
import { argmaxRows } from './argmax.js';
import { Breath, refuseIfAborted } from './breath.js';
import { expectAgent, networkBytes, networkFrom, partOf } from './checkpoint.js';
import type { AgentCheckpoint } from './checkpoint.js';
import type { ChosenNetwork } from './choice.js';
import { readClassifierParameters } from './classifier-parameters.js';
import type { ClassifierParameters } from './classifier-parameters.js';
import { checkFit } from './dqn-parts.js';
import { learnsLong } from './dqn-parts.js';
import { initialNetwork } from './networks.js';
import { trainerOptions } from './trainer-options.js';

/** What a player saw and what its network gave, row by row: a replay folder's two arrays. */
export interface RecordedPlay {
  readonly observations: Float32Array;
  /** One row of `actions` values for each observation; the largest names the action. */
  readonly outputs: Float32Array;
  readonly actions: number;
}

export interface ClassifierParts {
  readonly recorded: RecordedPlay;
  /** The network to begin with, in place of a random one. */
  readonly network?: Network;
}

/** Told after every `reportEvery` updates; plain data. */
export interface ClassifierProgress {
  readonly updates: number;
  /** Mean over the updates since the last report. */
  readonly loss: number;
  /** Share of all recorded rows on which the network now picks the recorded action. */
  readonly accuracy: number;
  readonly learningRate: number;
}

export interface ClassifierTrainOptions {
  /** Ends training between two updates, with E_CANCELLED; `checkpoint` and `train` then go on from there. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (progress: ClassifierProgress) => void;
}

/** Rows of one forward pass while the accuracy is taken. */
const rowsAtOnce = 256;

/**
 * Learns from recorded play which action a player takes: cross entropy against the argmax of what its network gave.
 *
 * ```ts
 * const agent = new ClassifierAgent({ learningRate: 1e-4, batches: 20_000 }, { recorded });
 * for await (const { updates, accuracy } of agent.train()) console.log(updates, accuracy);
 * ```
 */
export class ClassifierAgent {
  readonly parameters: ClassifierParameters;
  readonly #trainer: Trainer;
  readonly #long: boolean;
  readonly #observations: Float32Array;
  readonly #labels: Int32Array;
  readonly #width: number;
  readonly #frozen: readonly string[];
  /** Of the recorded play, so that a checkpoint goes on with the same. */
  readonly #sum: number;
  #lossSum = 0;

  constructor(
    parameters: Partial<ClassifierParameters>,
    parts: ClassifierParts,
    from?: AgentCheckpoint,
  ) {
    if (from) expectAgent(from, 'classifier');
    this.parameters = readClassifierParameters(from?.parameters ?? parameters);
    const { observations, outputs, actions } = parts.recorded;
    const rows = rowsOf(outputs, actions, 'recorded outputs');
    this.#width = observations.length / rows;
    if (!Number.isInteger(this.#width) || this.#width < 1) {
      const received = phrase(`${observations.length} values`);
      throw mismatch('E_SHAPE', 'recorded observations', `${rows} rows of equal length`, received);
    }
    if (rows < this.parameters.batch) {
      throw mismatch('E_SHAPE', 'recorded play', `at least ${this.parameters.batch} rows`, rows);
    }
    this.#observations = observations;
    this.#labels = argmaxRows(outputs, rows);
    this.#sum = crc32(bytesOf(this.#labels), crc32(bytesOf(observations)));
    const fields = from && new Fields(from.state, 'state of the checkpoint');
    const { network, frozen } =
      from && fields
        ? {
            network: networkFrom(partOf(from, 'network'), 'network of the checkpoint'),
            frozen: fields.strings('frozen'),
          }
        : this.#begin(parts, actions);
    this.#frozen = frozen;
    this.#long = learnsLong(this.parameters, network);
    this.#trainer = new Trainer(network, trainerOptions(this.parameters, frozen));
    if (!fields) return;
    if (fields.count('recorded') !== this.#sum) {
      const expected = `that of the checkpoint, with checksum ${fields.count('recorded')}`;
      throw mismatch('E_STATE', 'recorded play', expected, this.#sum);
    }
    this.#trainer.restore(partOf(from, 'trainer'));
    this.#lossSum = fields.number('lossSum');
    fields.done();
  }

  /** Goes on from a checkpoint, with the same recorded play, bit for bit as the agent that wrote it would have. */
  static resume(checkpoint: AgentCheckpoint, parts: ClassifierParts): ClassifierAgent {
    return new ClassifierAgent({}, parts, checkpoint);
  }

  #begin(parts: ClassifierParts, outputs: number): { network: Network; frozen: readonly string[] } {
    const { biasAsObservation, seed } = this.parameters;
    if (parts.network === undefined) {
      return initialNetwork(this.parameters, { observation: [this.#width], outputs, seed });
    }
    checkFit(parts.network, this.#width + (biasAsObservation ? 1 : 0), outputs);
    return { network: parts.network, frozen: [] };
  }

  get finished(): boolean {
    return this.#trainer.updates >= this.parameters.batches;
  }

  get updates(): number {
    return this.#trainer.updates;
  }

  /** Learns until it is finished. Whoever breaks off may call `train` again, which goes on. */
  async *train(
    options: ClassifierTrainOptions = {},
  ): AsyncGenerator<ClassifierProgress, void, void> {
    const { batch, reportEvery } = this.parameters;
    const breath = new Breath();
    const observations = new Float32Array(batch * this.#width);
    const labels = new Int32Array(batch);
    while (!this.finished) {
      if (breath.due) await breath.take();
      refuseIfAborted(options.signal);
      this.#draw(observations, labels);
      const loss = { kind: 'cross-entropy', labels } as const;
      this.#lossSum += this.#long
        ? await this.#trainer.update(observations, loss)
        : this.#trainer.updateSync(observations, loss);
      const { updates, learningRate } = this.#trainer;
      if (updates % reportEvery !== 0 && updates < this.parameters.batches) continue;
      const since = updates % reportEvery === 0 ? reportEvery : updates % reportEvery;
      const meanLoss = this.#lossSum / since;
      this.#lossSum = 0;
      const accuracy = await this.#accuracy(breath);
      const told = { updates, loss: meanLoss, accuracy, learningRate };
      options.onProgress?.(told);
      yield told;
    }
  }

  /** Rows of the next update; which they are depends on the seed and the number of the update alone. */
  #draw(observations: Float32Array, labels: Int32Array): void {
    const { seed } = this.parameters;
    const random = new Random(seedOf(seed, streams.batches, this.#trainer.updates));
    const rows = new Set<number>();
    while (rows.size < labels.length) {
      rows.add(Math.floor(random.uniform(0, this.#labels.length)));
    }
    let at = 0;
    for (const row of rows) {
      const from = row * this.#width;
      observations.set(this.#observations.subarray(from, from + this.#width), at * this.#width);
      labels[at] = this.#labels[row]!;
      at += 1;
    }
  }

  async #accuracy(breath: Breath): Promise<number> {
    let right = 0;
    for (let row = 0; row < this.#labels.length; row += rowsAtOnce) {
      const labels = this.#labels.subarray(row, row + rowsAtOnce);
      const from = row * this.#width;
      const seen = this.#observations.subarray(from, from + labels.length * this.#width);
      const picked = argmaxRows(this.#trainer.forwardSync(seen), labels.length);
      right += picked.reduce((sum, action, k) => sum + (action === labels[k] ? 1 : 0), 0);
      if (breath.due) await breath.take();
    }
    return right / this.#labels.length;
  }

  /** The network as it is now. */
  network(): Network {
    return this.#trainer.network();
  }

  /** The network to keep: the last. */
  chosen(): ChosenNetwork {
    return { network: this.network(), by: 'last', episode: this.#trainer.updates };
  }

  /** All that `resume` needs beside the recorded play; to be asked for between two turns of `train`. */
  checkpoint(): AgentCheckpoint {
    const { parameters } = this;
    const state = { frozen: this.#frozen, recorded: this.#sum, lossSum: this.#lossSum };
    const parts = { network: networkBytes(this.network()), trainer: this.#trainer.save() };
    return { agent: 'classifier', parameters, state, parts };
  }

  close(): void {
    this.#trainer.close();
  }
}

function bytesOf(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
