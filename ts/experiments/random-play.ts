import { Breath, refuseIfAborted } from '../agent/breath.js';
import type { Seat } from '../agent/lanes.js';
import { mean } from '../agent/statistics.js';
import { seedOf, streams, uniformsOf } from '../env/philox.js';
import { PhaseMeter, meanLargestOutput } from '../run/index.js';
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
  readonly count: number;
  /** Mean of the states. */
  readonly centre: Float32Array;
  readonly actions: number;
}

export async function playRandomly(
  { environment, copy, group }: Seat,
  seed: number,
  signal?: AbortSignal,
): Promise<RandomPlay> {
  const breath = new Breath();
  const uniform = uniformsOf(seed, streams.randomPlay);
  const { count } = environment.actionSpace;
  const meter = new PhaseMeter();
  const states: Float32Array[] = [];
  for (let episode = 0; episode < episodes; episode += 1) {
    const start = seedOf(seed, streams.randomPlay, episode);
    await group?.reset([copy], [start]);
    let seen = environment.reset(start);
    let [earned, step] = [0, 0];
    for (let over = false; !over; step += 1) {
      if (step % stepsBetweenStates === 0 && states.length < mostStates) states.push(seen.slice());
      const action = Math.floor(uniform(episode, step, 0) * count);
      if (group) await group.step([copy], [action]);
      else if (breath.due) await breath.take();
      refuseIfAborted(signal);
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
  const centre = Float32Array.from({ length: size }, (_, k) =>
    mean(states.map((state) => state[k]!)),
  );
  const row = { ...meter.row(), epoch: 0, phase: 'random', last_exploration_rate: 1 } as const;
  return { row, states: all, count: states.length, centre, actions: count };
}

/** States that are passed through a network between two turns of the event loop. */
const statesAtOnce = 8;

/** The largest output, averaged over the held-out states, of a network that gives `valuesOf` rows of them. */
export async function meanLargest(
  valuesOf: (states: Float32Array) => Float32Array,
  { states, count, actions }: RandomPlay,
): Promise<number> {
  const values = new Float32Array(count * actions);
  const width = states.length / count;
  for (let first = 0; first < count; first += statesAtOnce) {
    if (first > 0) await new Promise((resolve) => setImmediate(resolve));
    const some = states.subarray(first * width, Math.min(count, first + statesAtOnce) * width);
    values.set(valuesOf(some), first * actions);
  }
  return meanLargestOutput(values, actions);
}
