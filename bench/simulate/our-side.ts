import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { localContender } from '../race.js';
import type { Contender } from '../race.js';
import { infer } from './infer.js';
import { chainGraph } from './network.js';
import { elements } from './nets.js';
import type { Problem } from './problem.js';
import type { Trial } from './trials.js';
import { agreementFor, verifyOutputs } from './verify.js';
import type { Agreement } from './verify.js';
import { leastWork } from './work.js';
import type { Work } from './work.js';

/** spiq in this process: `infer` for one batch after the other. */
export class OurSide {
  readonly rows: number;
  readonly agreement: Agreement;
  readonly #problem: Problem;
  readonly #trial: Trial;
  readonly #network: Network;
  readonly #simulator: Simulator;
  readonly #batches: readonly Float32Array[];

  constructor(trial: Trial, problem: Problem) {
    this.#trial = trial;
    this.#problem = problem;
    this.agreement = agreementFor(problem.layers);
    this.#network = Network.fromGraph(chainGraph(problem.input, problem.layers, 'spiking'));
    // ε = 0: the peers know no such thing.
    const { steps, threads, batch } = trial;
    this.#simulator = new Simulator(this.#network, { steps, threads, epsilon: 0 });
    const width = elements(problem.input);
    this.rows = problem.observations.length / width;
    this.#batches = Array.from({ length: this.rows / batch }, (_, i) =>
      problem.observations.slice(i * batch * width, (i + 1) * batch * width),
    );
  }

  /** The outputs of all observations, checked against this engine's float64 run. */
  outputs(): Float32Array {
    const { steps, threads, batch } = this.#trial;
    const size = this.#simulator.outputSize;
    const all = new Float32Array(this.rows * size);
    this.#batches.forEach((observations, i) => {
      infer(this.#simulator, observations, all.subarray(i * batch * size, (i + 1) * batch * size));
    });
    const options = { steps, threads, epsilon: 0, precision: 'float64' } as const;
    const truth = new Simulator(this.#network, options);
    const { out } = truth.runSync(this.#problem.observations);
    verifyOutputs(all, out, this.rows, 'the float64 run of spiq', this.agreement);
    return all;
  }

  /** Each neuron's spikes by hidden layer, their mean for each unit and step, and the least work of a call. */
  measure(): { counts: readonly Int32Array[]; activity: number[]; units: number[]; work: Work } {
    const { steps, batch } = this.#trial;
    const record = { counts: true };
    const { counts = [] } = this.#simulator.runSync(this.#problem.observations, { record });
    const activity = counts.map(
      (spikes) => spikes.reduce((sum, n) => sum + n, 0) / spikes.length / steps,
    );
    const units = counts.map((spikes) => spikes.length / this.rows);
    return { counts, activity, units, work: leastWork({ ...this.#problem, steps, batch, counts }) };
  }

  /** Goes through the batches in turn and reads each result. */
  contender(): Contender {
    const out = new Float32Array(this.#trial.batch * this.#simulator.outputSize);
    let next = 0;
    let read = 0;
    return localContender('spiq', () => {
      infer(this.#simulator, this.#batches[next]!, out);
      next = (next + 1) % this.#batches.length;
      read += out[0]!;
      if (Number.isNaN(read)) throw new Error('an output is not a number');
    });
  }
}
