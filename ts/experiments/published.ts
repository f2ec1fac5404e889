import type { DqnParameters } from '../agent/dqn-parameters.js';
import type { Experiment } from './experiment.js';

/** What all published agents share: Adam's defaults, squared errors, gradients cut at ±1, episodes of 200 steps. */
const shared = {
  maxSteps: 200,
  episodes: 1000,
  loss: 'mse',
  clipValue: 1,
  double: true,
  distinct: true,
  target: 'episodes',
  exploration: 'exponential',
  epsilonStart: 1,
  epsilonEnd: 0.05,
  validateEvery: 10,
} as const satisfies Partial<DqnParameters>;

const cartPole = {
  ...shared,
  environment: 'cart-pole',
  hidden: [16, 16],
  goal: 195,
  goalStay: 100,
} as const satisfies Partial<DqnParameters>;

const mountainCar = {
  ...shared,
  environment: 'mountain-car',
  reward: 'mountain-car',
  hidden: [64, 64],
  goal: -130,
  goalStay: 50,
} as const satisfies Partial<DqnParameters>;

/** Settings of the agents A, before the rule that the last permitted step is not remembered. */
const early = {
  learningRate: 1e-3,
  gamma: 0.99,
  epsilonDecay: 0.99,
  memory: 1_000_000,
  batch: 64,
  targetEvery: 20,
  timeLimit: 'terminal',
} as const satisfies Partial<DqnParameters>;

const later = {
  learningRate: 1e-3,
  gamma: 0.999,
  epsilonDecay: 0.999,
  batch: 128,
  timeLimit: 'drop',
} as const satisfies Partial<DqnParameters>;

const cartPoleLater = { ...cartPole, ...later, memory: 40_000, targetEvery: 10 };
const mountainCarLater = { ...mountainCar, ...later, memory: 1000, targetEvery: 5 };

/** The directly trained spiking networks: no biases but the weights of a constant input. */
const spiking = {
  spiking: true,
  semantics: 'dsqn',
  simulationSteps: 20,
  biasAsObservation: true,
  bias: false,
  initialisation: 'normal',
  surrogate: 'fast-sigmoid',
  surrogateSlope: 100,
} as const satisfies Partial<DqnParameters>;

const classifier = { batch: 50, batches: 200_000, reportEvery: 1000 } as const;

/** Every experiment of the thesis on CartPole and MountainCar, with its settings. */
export const publishedExperiments: readonly Experiment[] = [
  {
    name: 'cartpole-a',
    summary: 'DQN, batches of 64, target copied every 20 episodes',
    agent: 'dqn',
    parameters: { ...cartPole, ...early },
    published: { score: { mean: 226.31, std: 32.74 }, tables: '4.1' },
  },
  {
    name: 'cartpole-b',
    summary: 'DQN, batches of 128, target copied every 10 episodes',
    agent: 'dqn',
    parameters: cartPoleLater,
    published: {
      goal: { reached: 3, runs: 5, episode: 646.33 },
      best: { mean: 197.79, episode: 784.2 },
      tables: '4.5',
    },
  },
  {
    name: 'cartpole-c',
    summary: 'as cartpole-b with half the learning rate',
    agent: 'dqn',
    parameters: { ...cartPoleLater, learningRate: 5e-4 },
    published: {
      goal: { reached: 1, runs: 5, episode: 823 },
      best: { mean: 198.0, episode: 731.4 },
      tables: '4.5',
    },
  },
  {
    name: 'cartpole-d',
    summary: 'spiking Q-network of 20 steps, otherwise as cartpole-b',
    agent: 'dqn',
    parameters: { ...cartPoleLater, ...spiking, hidden: [17, 17] },
    published: {
      goal: { reached: 1, runs: 5, episode: 749 },
      best: { mean: 190.94, episode: 468.6 },
      tables: '4.5',
    },
  },
  {
    name: 'cartpole-e',
    summary: 'spiking Q-network of 20 steps, otherwise as cartpole-c',
    agent: 'dqn',
    parameters: { ...cartPoleLater, ...spiking, hidden: [17, 17], learningRate: 5e-4 },
    published: {
      score: { mean: 454.84, std: 81.29 },
      goal: { reached: 1, runs: 5, episode: 274 },
      best: { mean: 195.54, episode: 506.8 },
      tables: '4.1, 4.5',
    },
  },
  {
    name: 'cartpole-policy-gradient',
    summary: 'REINFORCE, one episode an update',
    agent: 'reinforce',
    parameters: {
      environment: 'cart-pole',
      maxSteps: 200,
      episodes: 1000,
      hidden: [16, 16],
      learningRate: 1e-2,
      gamma: 0.99,
      goal: 195,
      goalStay: 100,
      validateEvery: 10,
    },
    published: { score: { mean: 434.0, std: 49.22 }, tables: '4.11' },
  },
  {
    name: 'cartpole-classifier',
    summary: 'classifier of the actions of cartpole-a',
    agent: 'classifier',
    environment: 'cart-pole',
    teacher: 'cartpole-a',
    parameters: { ...classifier, hidden: [16, 16], learningRate: 1e-4 },
    published: { score: { mean: 230.39, std: 66.27 }, tables: '4.1' },
  },
  {
    name: 'cartpole-classifier-spiking',
    summary: 'spiking classifier of the actions of cartpole-a',
    agent: 'classifier',
    environment: 'cart-pole',
    teacher: 'cartpole-a',
    parameters: { ...classifier, ...spiking, hidden: [17, 17], learningRate: 1e-4 },
    published: { score: { mean: 232.26, std: 60.81 }, tables: '4.1' },
  },
  {
    name: 'mountain-car-a',
    summary: 'DQN, batches of 64, target copied every 20 episodes',
    agent: 'dqn',
    parameters: { ...mountainCar, ...early },
    published: { score: { mean: -175.4, std: 100.92 }, tables: '4.6' },
  },
  {
    name: 'mountain-car-b',
    summary: 'DQN, batches of 128, target copied every 5 episodes',
    agent: 'dqn',
    parameters: mountainCarLater,
    published: {
      goal: { reached: 3, runs: 5, episode: 713.67 },
      best: { mean: -120.13, episode: 820.2 },
      tables: '4.10',
    },
  },
  {
    name: 'mountain-car-c',
    summary: 'as mountain-car-b with half the learning rate',
    agent: 'dqn',
    parameters: { ...mountainCarLater, learningRate: 5e-4 },
    published: {
      goal: { reached: 3, runs: 5, episode: 802.33 },
      best: { mean: -123.85, episode: 709 },
      tables: '4.10',
    },
  },
  {
    name: 'mountain-car-d',
    summary: 'spiking Q-network of 20 steps, otherwise as mountain-car-b',
    agent: 'dqn',
    parameters: { ...mountainCarLater, ...spiking, hidden: [65, 65] },
    published: {
      goal: { reached: 0, runs: 5, episode: null },
      best: { mean: -137.52, episode: 710.8 },
      tables: '4.10',
    },
  },
  {
    name: 'mountain-car-e',
    summary: 'spiking Q-network of 20 steps, otherwise as mountain-car-c',
    agent: 'dqn',
    parameters: { ...mountainCarLater, ...spiking, hidden: [65, 65], learningRate: 5e-4 },
    published: {
      score: { mean: -130.92, std: 27.9 },
      goal: { reached: 3, runs: 5, episode: 864 },
      best: { mean: -130.05, episode: 891.4 },
      tables: '4.6, 4.10',
    },
  },
  {
    name: 'mountain-car-classifier',
    summary: 'classifier of the actions of mountain-car-a',
    agent: 'classifier',
    environment: 'mountain-car',
    teacher: 'mountain-car-a',
    parameters: { ...classifier, hidden: [64, 64], learningRate: 2.5e-3 },
    published: { score: { mean: -186.51, std: 107.8 }, tables: '4.6' },
  },
  {
    name: 'mountain-car-classifier-spiking',
    summary: 'spiking classifier of the actions of mountain-car-a',
    agent: 'classifier',
    environment: 'mountain-car',
    teacher: 'mountain-car-a',
    parameters: { ...classifier, ...spiking, hidden: [65, 65], learningRate: 2.5e-3 },
    published: { score: { mean: -176.72, std: 110.38 }, tables: '4.6' },
  },
];
