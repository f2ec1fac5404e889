import type { Environment } from '../env/env.js';
import { seedOf, streams, uniformsOf } from '../env/philox.js';
import { PhaseMeter } from '../run/index.js';
import type { PhaseRow } from '../run/index.js';

const episodes = 20;
/** Neighbours resemble each other. */
const stepsBetweenStates = 3;
const mostStates = 256;

/** Play without any idea, before there is a network. */
export interface RandomPlay {
  /** Of metrics.csv: what learning begins from. */
  readonly row: PhaseRow;
  /** Held out of training: what `meanq` is measured on, the same throughout a run. */
  readonly states: Float32Array;
  readonly actions: number;
}

export function playRandomly(environment: Environment, seed: number): RandomPlay {
  const uniform = uniformsOf(seed, streams.randomPlay);
  const { count } = environment.actionSpace;
  const meter = new PhaseMeter();
  const states: Float32Array[] = [];
  for (let episode = 0; episode < episodes; episode += 1) {
    let seen = environment.reset(seedOf(seed, streams.randomPlay, episode));
    let [earned, step] = [0, 0];
    for (let over = false; !over; step += 1) {
      if (step % stepsBetweenStates === 0 && states.length < mostStates) states.push(seen.slice());
      const action = Math.floor(uniform(episode, step, 0) * count);
      const result = environment.step(action);
      seen = result.observation;
      earned += result.reward;
      over = result.terminated || result.truncated;
    }
    meter.addSteps(step);
    meter.addGame(earned, step);
  }
  const { size } = environment.observationSpace;
  const all = new Float32Array(states.length * size);
  states.forEach((state, index) => {
    all.set(state, index * size);
  });
  const row = { ...meter.row(), epoch: 0, phase: 'random', last_exploration_rate: 1 } as const;
  return { row, states: all, actions: count };
}
