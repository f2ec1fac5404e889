import { Network } from '../../ts/network.js';
import { Trainer } from '../../ts/trainer.js';
import { QTrainer } from '../../ts/trainer/q-trainer.js';
import { localContender } from '../race.js';
import type { Contender } from '../race.js';
import { chainGraph } from '../simulate/network.js';
import { gamma, learningRates } from './problem.js';
import type { TrainProblem } from './problem.js';
import type { DqnTrial, SurrogateTrial } from './trials.js';
import { comparedUpdates } from './verify.js';

/** A trainer that goes through the batches in turn, and back to the first with the weights of the start. */
interface Learner {
  update(batch: number): number;
  save(): Uint8Array;
  restore(bytes: Uint8Array): void;
}

/** spiq in this process: one synchronous update after the other. */
export class OurSide {
  readonly #learner: Learner;
  readonly #start: Uint8Array;
  readonly #batches: number;
  #next = 0;

  constructor(trial: SurrogateTrial | DqnTrial, problem: TrainProblem) {
    this.#learner = trial.kind === 'surrogate' ? surrogate(trial, problem) : dqn(trial, problem);
    this.#start = this.#learner.save();
    this.#batches = problem.batches.length;
  }

  losses(): number[] {
    this.#reset();
    return Array.from({ length: comparedUpdates }, () => this.#update());
  }

  contender(): Contender {
    const call = (): void => {
      if (Number.isNaN(this.#update())) throw new Error('a loss is not a number');
    };
    return localContender('spiq', call, () => {
      this.#reset();
    });
  }

  #reset(): void {
    this.#learner.restore(this.#start);
    this.#next = 0;
  }

  #update(): number {
    const loss = this.#learner.update(this.#next);
    this.#next = (this.#next + 1) % this.#batches;
    return loss;
  }
}

function surrogate(
  { steps, threads }: SurrogateTrial,
  { input, layers, batches }: TrainProblem,
): Learner {
  const trainer = new Trainer(Network.fromGraph(chainGraph(input, layers, 'spiking')), {
    optimiser: { kind: 'adam', learningRate: learningRates.adam },
    // ε = 0: the peers know no such thing.
    simulation: { steps, epsilon: 0 },
    surrogate: { kind: 'fast-sigmoid', slope: 100 },
    threads,
  });
  return {
    update: (index) => {
      const { observations, chosen } = batches[index]!;
      return trainer.updateSync(observations, { kind: 'cross-entropy', labels: chosen });
    },
    save: () => trainer.save(),
    restore: (bytes) => {
      trainer.restore(bytes);
    },
  };
}

function dqn(
  { loss, optimiser, threads }: DqnTrial,
  { input, layers, batches }: TrainProblem,
): Learner {
  const trainer = new QTrainer(Network.fromGraph(chainGraph(input, layers, 'float')), {
    // The defaults of torch's optimisers.
    optimiser:
      optimiser === 'adam'
        ? { kind: 'adam', learningRate: learningRates.adam, epsilon: 1e-8 }
        : { kind: 'rmsprop', learningRate: learningRates.rmsprop, decay: 0.99, epsilon: 1e-8 },
    double: false,
    loss,
    threads,
  });
  const calls = batches.map(({ observations, chosen, rewards, next, terminated }) => ({
    observations,
    actions: chosen,
    rewards,
    nextObservations: next,
    discounts: Float32Array.from(terminated, (ended) => (ended === 1 ? 0 : gamma)),
  }));
  return {
    update: (index) => trainer.updateBatchSync(calls[index]!).loss,
    save: () => trainer.save(),
    restore: (bytes) => {
      trainer.restore(bytes);
    },
  };
}
