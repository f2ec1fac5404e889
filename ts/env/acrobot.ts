import { mismatch } from '../errors.js';
import { drawAcrobot } from './draw/acrobot.js';
import type { Outcome, Rules, TimeLimitOptions } from './rules.js';
import { RuledEnvironment } from './ruled.js';
import { Vectorised } from './vectorise.js';

/*
 * Acrobot after Sutton (1996) with the equations of the book by Sutton and Barto, the constants and the order of
 * operations of Gymnasium's Acrobot-v1 (classic_control/acrobot.py, Runge-Kutta of fourth order), in float64.
 */
const mass1 = 1.0; // kg
const mass2 = 1.0; // kg
const length1 = 1.0; // m
const centre1 = 0.5; // m, joint to centre of mass
const centre2 = 0.5; // m
const inertia1 = 1.0; // kg m²
const inertia2 = 1.0; // kg m²
const gravity = 9.8; // m/s²
const timeStep = 0.2; // s
const topSpeed1 = 4 * Math.PI; // rad/s
const topSpeed2 = 9 * Math.PI; // rad/s
const initialSpread = 0.1;

type Vector = readonly [angle1: number, angle2: number, speed1: number, speed2: number];

const running: Outcome = { reward: -1, terminated: false };
const arrived: Outcome = { reward: 0, terminated: true };

/** State: angle of the first link (0 hangs), of the second against the first (rad), their velocities (rad/s). */
export const acrobotRules: Rules = {
  name: 'Acrobot',
  stateSize: 4,
  maxSteps: 500,
  observationSpace: {
    kind: 'box',
    size: 6,
    low: [-1, -1, -1, -1, -topSpeed1, -topSpeed2],
    high: [1, 1, 1, 1, topSpeed1, topSpeed2],
  },
  actionSpace: { kind: 'discrete', count: 3, names: ['torque -1', 'none', 'torque +1'], noop: 1 },

  /** Gymnasium rounds the state that it begins with, and only that, to float32. */
  begin(state, random) {
    for (let k = 0; k < 4; k += 1) {
      state[k] = Math.fround(random.uniform(-initialSpread, initialSpread));
    }
  },

  advance(state, action) {
    const [angle1, angle2, speed1, speed2] = integrate(state as unknown as Vector, action - 1);
    state[0] = wrap(angle1);
    state[1] = wrap(angle2);
    state[2] = Math.min(Math.max(speed1, -topSpeed1), topSpeed1);
    state[3] = Math.min(Math.max(speed2, -topSpeed2), topSpeed2);
    const height = -Math.cos(state[0]) - Math.cos(state[1] + state[0]);
    return height > 1.0 ? arrived : running;
  },

  observe(state, into) {
    const [angle1, angle2, speed1, speed2] = state as unknown as Vector;
    into[0] = Math.cos(angle1);
    into[1] = Math.sin(angle1);
    into[2] = Math.cos(angle2);
    into[3] = Math.sin(angle2);
    into[4] = speed1;
    into[5] = speed2;
  },

  draw: drawAcrobot,

  /** No step leads beyond these, and the turns of a huge angle would be counted down for ever. */
  check(state) {
    [Math.PI, Math.PI, topSpeed1, topSpeed2].forEach((most, k) => {
      if (Math.abs(state[k]!) <= most) return;
      const what = k < 2 ? 'angle' : 'velocity';
      throw mismatch('E_RANGE', `state[${k}], ${what}`, `a number within ±${most}`, state[k]);
    });
  },
};

/** One step of Runge-Kutta under a constant torque on the second joint. */
function integrate(start: Vector, torque: number): Vector {
  const half = timeStep / 2.0;
  const k1 = derivative(start, torque);
  const k2 = derivative(along(start, half, k1), torque);
  const k3 = derivative(along(start, half, k2), torque);
  const k4 = derivative(along(start, timeStep, k3), torque);
  const at = (k: 0 | 1 | 2 | 3): number =>
    start[k] + (timeStep / 6.0) * (k1[k] + 2 * k2[k] + 2 * k3[k] + k4[k]);
  return [at(0), at(1), at(2), at(3)];
}

function along(from: Vector, time: number, slope: Vector): Vector {
  return [
    from[0] + time * slope[0],
    from[1] + time * slope[1],
    from[2] + time * slope[2],
    from[3] + time * slope[3],
  ];
}

function derivative([angle1, angle2, speed1, speed2]: Vector, torque: number): Vector {
  const [cosine2, sine2] = [Math.cos(angle2), Math.sin(angle2)];
  const d1 =
    mass1 * (centre1 * centre1) +
    mass2 * (length1 * length1 + centre2 * centre2 + 2 * length1 * centre2 * cosine2) +
    inertia1 +
    inertia2;
  const d2 = mass2 * (centre2 * centre2 + length1 * centre2 * cosine2) + inertia2;
  const phi2 = mass2 * centre2 * gravity * Math.cos(angle1 + angle2 - Math.PI / 2.0);
  const phi1 =
    -mass2 * length1 * centre2 * (speed2 * speed2) * sine2 -
    2 * mass2 * length1 * centre2 * speed2 * speed1 * sine2 +
    (mass1 * centre1 + mass2 * length1) * gravity * Math.cos(angle1 - Math.PI / 2) +
    phi2;
  const acceleration2 =
    (torque + (d2 / d1) * phi1 - mass2 * length1 * centre2 * (speed1 * speed1) * sine2 - phi2) /
    (mass2 * (centre2 * centre2) + inertia2 - (d2 * d2) / d1);
  const acceleration1 = -(d2 * acceleration2 + phi1) / d1;
  return [speed1, speed2, acceleration1, acceleration2];
}

/** Into ±π, one turn after the other as Gymnasium does it. */
function wrap(angle: number): number {
  let wrapped = angle;
  while (wrapped > Math.PI) wrapped -= 2 * Math.PI;
  while (wrapped < -Math.PI) wrapped += 2 * Math.PI;
  return wrapped;
}

export type AcrobotOptions = TimeLimitOptions;

/** Gymnasium's Acrobot-v1: reward −1 for every step, 0 for the one that swings the end up. */
export class Acrobot extends RuledEnvironment {
  constructor(options: AcrobotOptions = {}) {
    super(acrobotRules, options);
  }
}

export class VectorAcrobot extends Vectorised {
  constructor(count: number, options: AcrobotOptions = {}) {
    super(() => new Acrobot(options), count);
  }
}
