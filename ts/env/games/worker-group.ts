import type { BoxSpace, DiscreteSpace, Environment, Frame } from '../env.js';
import type { EnvironmentWorker } from '../gymnasium/index.js';
import type { EnvironmentGroup } from '../group.js';
import { RemoteCopy } from './remote-copy.js';

/** How observations of the worker's copies become rows of numbers. */
export interface Eyes {
  readonly space: BoxSpace;
  /** Looks at these copies after they were reset, or stepped, and writes their rows. */
  begin(copies: readonly number[], rows: readonly Float32Array[]): void;
  look(copies: readonly number[], rows: readonly Float32Array[]): void;
}

/** The copies of a worker as a group of environments. */
export class WorkerGroup implements EnvironmentGroup {
  readonly environments: readonly Environment[];
  readonly #copies: readonly RemoteCopy[];
  readonly #rows: readonly Float32Array[];
  readonly #lives: Int32Array;

  constructor(
    readonly worker: EnvironmentWorker,
    private readonly eyes: Eyes,
    /** No-op steps before an episode, from its seed. */
    private readonly noops: (seed: number) => number,
  ) {
    const { count, description } = worker;
    const { count: actions, names } = description.action;
    const noop = names?.indexOf('NOOP') ?? -1;
    const space: DiscreteSpace = {
      kind: 'discrete',
      count: actions,
      ...(names && { names }),
      ...(noop >= 0 && { noop }),
    };
    const index = Array.from({ length: count }, (_, copy) => copy);
    this.#rows = index.map(() => new Float32Array(eyes.space.size));
    this.#copies = index.map(
      (copy) => new RemoteCopy(eyes.space, space, this.#rows[copy]!, this.#renderer(copy)),
    );
    this.environments = this.#copies;
    this.#lives = new Int32Array(count);
  }

  async reset(copies: readonly number[], seeds: readonly number[]): Promise<void> {
    const noops = seeds.map(this.noops);
    const { lives } = await this.worker.resetAhead(copies, seeds, noops);
    this.eyes.begin(copies, this.#rows);
    copies.forEach((copy, k) => {
      this.#lives[copy] = lives[copy]!;
      this.#copies[copy]!.bring({ kind: 'reset', seed: seeds[k]! });
    });
  }

  async step(copies: readonly number[], actions: readonly number[]): Promise<void> {
    const came = await this.worker.stepAhead(copies, actions);
    this.eyes.look(copies, this.#rows);
    copies.forEach((copy, k) => {
      const lives = came.lives[copy]!;
      const lifeLost = lives < this.#lives[copy]!;
      this.#lives[copy] = lives;
      const result = {
        observation: this.#rows[copy]!,
        reward: came.rewards[copy]!,
        terminated: came.terminated[copy] === 1,
        truncated: came.truncated[copy] === 1,
        lifeLost,
      };
      this.#copies[copy]!.bring({ kind: 'step', action: actions[k]!, result });
    });
  }

  async close(): Promise<void> {
    await this.worker.close();
  }

  #renderer(copy: number): (() => Frame) | undefined {
    const { picture } = this.worker.description;
    if (picture === null) return undefined;
    const [height, width] = picture;
    return () => {
      const data = new Uint8Array(height * width * 3);
      this.worker.readPicture(copy, data);
      return { width, height, data };
    };
  }
}
