import type { DqnParameters } from '../agent/dqn-parameters.js';
import type { Experiment } from './experiment.js';

/** Cart and pole within about ±1: limits of position and angle, and usual velocities. */
const cartPoleFactor = [1 / 2.4, 0.5, 5, 0.5];
/** Position and velocity of the car within ±1. */
const mountainCarView = {
  observationFactor: [1 / 0.9, 1 / 0.07],
  observationOffset: [1 / 3, 0],
} as const;

const shared = {
  loss: 'huber',
  target: 'soft',
  targetTau: 0.01,
  exploration: 'linear',
  timeLimit: 'bootstrap',
  validateEvery: 10,
  validateTarget: true,
  memory: 50_000,
  batch: 64,
  learningStarts: 1000,
} as const satisfies Partial<DqnParameters>;

const cartPole = {
  ...shared,
  environment: 'cart-pole',
  reward: 'failure',
  maxSteps: 500,
  hidden: [32, 32],
  gamma: 0.97,
  observationFactor: cartPoleFactor,
  epsilonEnd: 0.02,
  epsilonSteps: 5000,
  learnEvery: 2,
  episodes: 2000,
  goal: 195,
  goalStay: 100,
  // Twice as long as a scored episode: who lasts that long does not fail within it.
  validateSteps: 1000,
  stopScore: 1000,
  confirmEpisodes: 200,
} as const satisfies Partial<DqnParameters>;

const mountainCar = {
  ...shared,
  ...mountainCarView,
  environment: 'mountain-car',
  reward: 'mountain-car',
  maxSteps: 200,
  hidden: [64, 64],
  epsilonEnd: 0.05,
  epsilonSteps: 20_000,
  learnEvery: 2,
  episodes: 1000,
  goal: -130,
  goalStay: 50,
} as const satisfies Partial<DqnParameters>;

/** Neurons of the `direct` semantics, which trains with a broad surrogate and wide initial weights. */
const spiking = {
  spiking: true,
  semantics: 'direct',
  simulationSteps: 20,
  initialisation: 'normal',
  weightScale: 2,
  surrogate: 'fast-sigmoid',
  surrogateSlope: 5,
} as const satisfies Partial<DqnParameters>;

/** Settings of ours, each at least as good as the published experiment that it stands against. */
export const tunedExperiments: readonly Experiment[] = [
  {
    name: 'cart-pole-dqn',
    summary: 'double DQN with a soft target that is validated and kept',
    agent: 'dqn',
    parameters: cartPole,
    against: 'cartpole-a',
  },
  {
    name: 'cart-pole-dsqn',
    summary: 'spiking Q-network of 20 steps, trained directly',
    agent: 'dqn',
    parameters: {
      ...cartPole,
      ...spiking,
      hidden: [16, 16],
      outputScale: 0.05,
      learningRate: 2e-3,
      targetTau: 0.02,
      learnEvery: 4,
    },
    against: 'cartpole-e',
  },
  {
    name: 'cart-pole-reinforce',
    summary: 'REINFORCE, several episodes an update',
    agent: 'reinforce',
    parameters: {
      environment: 'cart-pole',
      maxSteps: 500,
      observationFactor: cartPoleFactor,
      episodes: 2000,
      goal: 195,
      goalStay: 100,
      stopScore: 500,
      validateEvery: 10,
      episodesPerUpdate: 2,
    },
    against: 'cartpole-policy-gradient',
  },
  {
    name: 'mountain-car-dqn',
    summary: 'double DQN with a soft target that is validated and kept',
    agent: 'dqn',
    parameters: mountainCar,
    against: 'mountain-car-a',
  },
  {
    name: 'mountain-car-dsqn',
    summary: 'spiking Q-network of 20 steps, trained directly',
    agent: 'dqn',
    parameters: {
      ...mountainCar,
      ...spiking,
      hidden: [32, 32],
      gamma: 0.98,
      outputScale: 0.2,
      learningRate: 2e-3,
      learningRateEnd: 3e-4,
      learningRateUpdates: 20_000,
      epsilonEnd: 0.01,
      epsilonSteps: 15_000,
      targetTau: 0.02,
      learnEvery: 4,
    },
    against: 'mountain-car-e',
  },
];
