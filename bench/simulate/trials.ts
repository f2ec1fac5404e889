/** One measurement: a fully connected network with seeded random weights, simulated for T steps. */
export interface Trial {
  readonly name: string;
  readonly layers: readonly number[];
  readonly batch: number;
  readonly steps: number;
  readonly threads: number;
}

/** Sizes of the published systems; `npm run bench -- --only NAME` takes a name or the start of one. */
export const trials: readonly Trial[] = [
  { name: 'simulate/cartpole-b1', layers: [4, 16, 16, 2], batch: 1, steps: 100, threads: 1 },
  { name: 'simulate/cartpole-b256', layers: [4, 16, 16, 2], batch: 256, steps: 100, threads: 1 },
  { name: 'simulate/patel-b1', layers: [6400, 1000, 4], batch: 1, steps: 100, threads: 2 },
  { name: 'simulate/patel-b32', layers: [6400, 1000, 4], batch: 32, steps: 100, threads: 2 },
];
