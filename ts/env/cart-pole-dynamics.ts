import { mismatch } from '../errors.js';
import type { BoxSpace, DiscreteSpace } from './env.js';
import type { Random } from './random.js';

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

/** Position (m), velocity (m/s), pole angle (rad), pole angular velocity (rad/s). */
export const stateSize = 4;

export const defaultMaxSteps = 500;

/** Twice the limits at which an episode ends, so that its last observation still lies inside. */
export const observationSpace: BoxSpace = {
  kind: 'box',
  size: stateSize,
  low: [-2 * positionLimit, -Infinity, -2 * angleLimit, -Infinity],
  high: [2 * positionLimit, Infinity, 2 * angleLimit, Infinity],
};

/** 0 pushes the cart to the left, 1 to the right. */
export const actionSpace: DiscreteSpace = { kind: 'discrete', count: 2 };

/** Advances `state` by one time step in place and tells whether that ended the task. */
export function advance(state: Float64Array, action: number): boolean {
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
  return (
    nextX < -positionLimit ||
    nextX > positionLimit ||
    nextAngle < -angleLimit ||
    nextAngle > angleLimit
  );
}

/** Every component uniform in ±0.05, as Gymnasium draws it (from another generator). */
export function drawInitialState(state: Float64Array, random: Random): void {
  for (let k = 0; k < stateSize; k += 1) state[k] = random.uniform(-initialSpread, initialSpread);
}

export function checkAction(action: number | undefined): asserts action is number {
  if (action !== 0 && action !== 1) {
    throw mismatch('E_ARGUMENT', 'action', '0 (left) or 1 (right)', action);
  }
}

export interface CartPoleOptions {
  /** Steps after which an episode is truncated; 500 by default. */
  readonly maxSteps?: number;
}

export function readMaxSteps(options: CartPoleOptions): number {
  const unknown = Object.keys(options).find((name) => name !== 'maxSteps');
  if (unknown !== undefined) throw mismatch('E_ARGUMENT', 'CartPole option', "'maxSteps'", unknown);
  const { maxSteps = defaultMaxSteps } = options;
  if (!Number.isSafeInteger(maxSteps) || maxSteps < 1) {
    throw mismatch('E_RANGE', 'maxSteps', 'a whole number of at least 1', maxSteps);
  }
  return maxSteps;
}
