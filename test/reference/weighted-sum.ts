import type { ScaleNode, Tensor } from '../../ts/graph.js';
import type { Arithmetic } from './arithmetic.js';
import type { OperatorMaker, Value } from './value.js';
import { reals } from './value.js';

/** Of every output unit the input units that reach it with their weights, in the order of the sum. */
export class Connections {
  readonly #sources: number[] = [];
  readonly #weights: number[] = [];
  readonly #ends: number[] = [];
  readonly #biases: number[] = [];

  add(source: number, weight: number): void {
    this.#sources.push(source);
    this.#weights.push(weight);
  }

  /** Everything added since the last call belongs to one output unit. */
  endUnit(bias: Tensor | undefined, channel: number): void {
    this.#ends.push(this.#sources.length);
    this.#biases.push(bias?.data[channel] ?? 0);
  }

  sum({ spikes, data }: Value, arithmetic: Arithmetic): Value {
    let at = 0;
    const sums = this.#ends.map((end, unit) => {
      let sum = 0;
      for (; at < end; at += 1) {
        const [input, weight] = [data[this.#sources[at]!]!, this.#weights[at]!];
        sum = spikes
          ? withSpikes(sum, weight, input, arithmetic)
          : arithmetic.fma(weight, input, sum);
      }
      return arithmetic.round(sum + this.#biases[unit]!);
    });
    return reals(Float64Array.from(sums));
  }
}

/** A burst of k is k additions, a negative spike a subtraction. */
function withSpikes(start: number, weight: number, count: number, { round }: Arithmetic): number {
  let sum = start;
  for (let k = count; k > 0; k -= 1) sum = round(sum + weight);
  for (let k = count; k < 0; k += 1) sum = round(sum - weight);
  return sum;
}

/** A sum of one input each: what a convolution of one tap in as many groups as channels would add. */
export function scaleConnections({ factor, offset }: ScaleNode, units: number): Connections {
  const connections = new Connections();
  for (let unit = 0; unit < units; unit += 1) {
    const channel = Math.floor(unit / (units / factor.data.length));
    connections.add(unit, factor.data[channel]!);
    connections.endUnit(offset, channel);
  }
  return connections;
}

export function weightedSum(connections: Connections, arithmetic: Arithmetic): OperatorMaker {
  return () => {
    let seen: Value | undefined;
    let result: Value | undefined;
    return ([input]) => {
      // A constant observation is one and the same value in every step, and so is what it gives.
      if (result === undefined || input !== seen) result = connections.sum(input!, arithmetic);
      seen = input;
      return result;
    };
  };
}
