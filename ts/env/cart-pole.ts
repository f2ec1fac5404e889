import { drawCartPole } from './draw/cart-pole.js';
import type { Outcome, Rules, TimeLimitOptions } from './rules.js';
import { RuledEnvironment } from './ruled.js';
import { Vectorised } from './vectorise.js';

/*
 * CartPole after Barto, Sutton and Anderson (1983) with the constants and the order of operations of
 * Gymnasium's CartPole-v1 (classic_control/cartpole.py, explicit Euler), in float64 throughout.
 */
const gravity = 9.8; // m/s²
const massPole = 0.1; // kg
const totalMass = massPole + 1.0; // kg, with the cart's
const halfLength = 0.5; // m, pivot to the pole's centre
const poleMassLength = massPole * halfLength;
const force = 10.0; // N
const timeStep = 0.02; // s
const positionLimit = 2.4; // m
const angleLimit = (12 * 2 * Math.PI) / 360; // rad
const initialSpread = 0.05;

const running: Outcome = { reward: 1, terminated: false };
const fallen: Outcome = { reward: 1, terminated: true };

/** State: position (m), velocity (m/s), pole angle (rad), pole angular velocity (rad/s). */
export const cartPoleRules: Rules = {
  name: 'CartPole',
  stateSize: 4,
  maxSteps: 500,
  // Twice the limits at which an episode ends, so that its last observation still lies inside.
  observationSpace: {
    kind: 'box',
    size: 4,
    low: [-2 * positionLimit, -Infinity, -2 * angleLimit, -Infinity],
    high: [2 * positionLimit, Infinity, 2 * angleLimit, Infinity],
  },
  actionSpace: { kind: 'discrete', count: 2, names: ['left', 'right'] },

  /** Every component uniform in ±0.05, as Gymnasium draws it (from another generator). */
  begin(state, random) {
    for (let k = 0; k < 4; k += 1) state[k] = random.uniform(-initialSpread, initialSpread);
  },

  advance(state, action) {
    const [x, xSpeed, angle, angleSpeed] = state as unknown as [number, number, number, number];
    const push = action === 1 ? force : -force;
    const cosine = Math.cos(angle);
    const sine = Math.sin(angle);
    const temp = (push + poleMassLength * (angleSpeed * angleSpeed) * sine) / totalMass;
    const angleAcceleration =
      (gravity * sine - cosine * temp) /
      (halfLength * (4.0 / 3.0 - (massPole * (cosine * cosine)) / totalMass));
    const acceleration = temp - (poleMassLength * angleAcceleration * cosine) / totalMass;
    const nextX = x + timeStep * xSpeed;
    const nextAngle = angle + timeStep * angleSpeed;
    state[0] = nextX;
    state[1] = xSpeed + timeStep * acceleration;
    state[2] = nextAngle;
    state[3] = angleSpeed + timeStep * angleAcceleration;
    const terminated =
      nextX < -positionLimit ||
      nextX > positionLimit ||
      nextAngle < -angleLimit ||
      nextAngle > angleLimit;
    return terminated ? fallen : running;
  },

  observe: (state, into) => into.set(state),
  draw: drawCartPole,
};

export type CartPoleOptions = TimeLimitOptions;

/** Gymnasium's CartPole-v1: reward 1 for every step, the last one included. */
export class CartPole extends RuledEnvironment {
  constructor(options: CartPoleOptions = {}) {
    super(cartPoleRules, options);
  }
}

export class VectorCartPole extends Vectorised {
  constructor(count: number, options: CartPoleOptions = {}) {
    super(() => new CartPole(options), count);
  }
}
