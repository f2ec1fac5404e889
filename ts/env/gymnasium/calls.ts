import { mismatch } from '../../errors.js';
import type { WorkerProcess, WorkerReply } from '../../wire/worker.js';

/** The results of a step lie in turns: reward, flags, lives. */
export const resultsPerCopy = 3;

/** Messages about one group of environments, with their answers checked. */
export class EnvironmentCalls {
  constructor(
    readonly worker: WorkerProcess,
    /** The worker's name for the environments. */
    private readonly name: string,
    private readonly deadlineMs: number,
  ) {}

  /** Lives of the copies; −1 where there are none. */
  async reset(
    copies: readonly number[],
    seeds: readonly (number | null)[],
    noops: readonly number[],
  ): Promise<readonly number[]> {
    const { deadlineMs } = this;
    const body = { env: this.name, copies, seeds, noops };
    const reply = await this.worker.request('env.reset', body, undefined, { deadlineMs });
    return numbersOf(reply, 'lives', copies.length);
  }

  async step(copies: readonly number[], actions: ArrayLike<number>): Promise<readonly number[]> {
    const { deadlineMs } = this;
    const steps: number[] = [];
    copies.forEach((copy, k) => steps.push(copy, actions[k]!));
    const body = { env: this.name, steps };
    const reply = await this.worker.request('env.step', body, undefined, { deadlineMs });
    return numbersOf(reply, 'results', resultsPerCopy * copies.length);
  }
}

function numbersOf({ type, body }: WorkerReply, name: string, count: number): readonly number[] {
  const numbers = body[name];
  const fits = Array.isArray(numbers) && numbers.length === count;
  if (fits && numbers.every((number) => typeof number === 'number')) return numbers;
  throw mismatch('E_PROTOCOL', `${type} '${name}'`, `${count} numbers`, numbers);
}
