import { drawMountainCar } from './draw/mountain-car.js';
import type { Outcome, Rules, TimeLimitOptions } from './rules.js';
import { RuledEnvironment } from './ruled.js';
import { Vectorised } from './vectorise.js';

/*
 * Mountain car after Moore (1990) with the constants and the order of operations of Gymnasium's
 * MountainCar-v0 (classic_control/mountain_car.py), in float64 throughout.
 */
const leftmost = -1.2;
const rightmost = 0.6;
const topSpeed = 0.07;
const goal = 0.5;
const force = 0.001;
const gravity = 0.0025;

const running: Outcome = { reward: -1, terminated: false };
const arrived: Outcome = { reward: -1, terminated: true };

const clip = (value: number, low: number, high: number): number =>
  Math.min(Math.max(value, low), high);

/** State: position, velocity. The ground is at the height sin(3 × position). */
export const mountainCarRules: Rules = {
  name: 'MountainCar',
  stateSize: 2,
  maxSteps: 200,
  observationSpace: {
    kind: 'box',
    size: 2,
    low: [leftmost, -topSpeed],
    high: [rightmost, topSpeed],
  },
  actionSpace: { kind: 'discrete', count: 3, names: ['left', 'none', 'right'], noop: 1 },

  begin(state, random) {
    state[0] = random.uniform(-0.6, -0.4);
    state[1] = 0;
  },

  advance(state, action) {
    const [before, speed] = state as unknown as [number, number];
    const pushed = speed + ((action - 1) * force + Math.cos(3 * before) * -gravity);
    const velocity = clip(pushed, -topSpeed, topSpeed);
    const position = clip(before + velocity, leftmost, rightmost);
    const stopped = position === leftmost && velocity < 0;
    state[0] = position;
    state[1] = stopped ? 0 : velocity;
    return position >= goal && state[1] >= 0 ? arrived : running;
  },

  observe: (state, into) => into.set(state),
  draw: drawMountainCar,
};

export type MountainCarOptions = TimeLimitOptions;

/** Gymnasium's MountainCar-v0: reward −1 for every step, the last one included. */
export class MountainCar extends RuledEnvironment {
  constructor(options: MountainCarOptions = {}) {
    super(mountainCarRules, options);
  }
}

export class VectorMountainCar extends Vectorised {
  constructor(count: number, options: MountainCarOptions = {}) {
    super(() => new MountainCar(options), count);
  }
}
