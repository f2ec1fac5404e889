import type { DqnParameters } from '../agent/dqn-parameters.js';
import type { Experiment } from './experiment.js';

/** Longest episode: half an hour of play at 60 emulator frames a second (Mnih et al., Nature 518, 2015: 5 minutes). */
const longest = 27_000;

/** The published Breakout agents: C. Hahn, "Deep spiking Q-networks", TU München, 2020, appendix B. */
const published = {
  environment: 'breakout',
  maxSteps: longest,
  validateSteps: longest,
  episodes: 30_000,
  goal: null,
  noopsLeast: 16,
  noopsMost: 120,
  gamma: 0.99,
  double: false,
  distinct: true,
  loss: 'mse',
  clipValue: 1,
  optimiser: 'rmsprop',
  learningRate: 2.5e-4,
  decay: 0.95,
  stability: 1e-3,
  exploration: 'exponential',
  epsilonStart: 1,
  epsilonEnd: 0.1,
  epsilonDecay: 0.9999977,
  learningStarts: 50_000,
  learnEvery: 4,
  batch: 32,
  target: 'steps',
  targetEvery: 10_000,
  frameType: 'uint8',
  memoryInFile: true,
  validateEvery: 100,
  testEpsilon: 0.1,
} as const satisfies Partial<DqnParameters>;

const patel = {
  ...published,
  view: 'patel',
  hidden: [1000],
  observationFactor: [1 / 255],
  memory: 200_000,
} as const satisfies Partial<DqnParameters>;

const convolutions = { filters: [32, 8, 4, 64, 4, 2, 64, 3, 1], hidden: [512], frames: 4 } as const;

const mnih = {
  ...published,
  ...convolutions,
  view: 'mnih',
  frameType: 'bits',
  memory: 1_000_000,
  rewardMax: 1,
  testEpsilon: 0.05,
} as const satisfies Partial<DqnParameters>;

/** Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015, extended data table 1. */
const nature = {
  ...convolutions,
  environment: 'breakout',
  view: 'nature',
  maxSteps: 4500,
  validateSteps: 4500,
  episodes: 1_000_000,
  totalSteps: 50_000_000,
  goal: null,
  noopsMost: 30,
  observationFactor: [1 / 255, 1 / 255, 1 / 255, 1 / 255],
  frameType: 'uint8',
  memory: 1_000_000,
  memoryInFile: true,
  learningStarts: 50_000,
  learnEvery: 4,
  batch: 32,
  distinct: false,
  gamma: 0.99,
  double: false,
  loss: 'clipped-error',
  rewardMin: -1,
  rewardMax: 1,
  lifeLossEnds: true,
  optimiser: 'rmsprop-nature',
  learningRate: 2.5e-4,
  // 10,000 updates, one every four steps.
  target: 'steps',
  targetEvery: 40_000,
  exploration: 'linear',
  epsilonStart: 1,
  epsilonEnd: 0.1,
  epsilonSteps: 1_000_000,
  validateEvery: 500,
  testEpsilon: 0.05,
} as const satisfies Partial<DqnParameters>;

/** What tambetm/simple_dqn trains by its defaults: no biases, colour averaging, its framework's RMSProp. */
const simpleDqn = {
  ...nature,
  view: 'neon',
  maxSteps: longest,
  validateSteps: longest,
  noopsLeast: 20,
  noopsMost: 124,
  bias: false,
  // Uniform within ±√(3 / fan-in).
  weightScale: Math.sqrt(3),
  optimiser: 'rmsprop-neon',
  targetEvery: 10_000,
} as const satisfies Partial<DqnParameters>;

/**
 * For a few million steps: double Q-learning, three-step returns, Adam, faster exploration, and the smaller network of
 * Mnih et al., "Playing Atari with deep reinforcement learning", arXiv:1312.5602, 2013, which sees three times as many steps
 * in the same time.
 */
const modern = {
  ...nature,
  filters: [16, 8, 4, 32, 4, 2],
  hidden: [256],
  maxSteps: longest,
  validateSteps: longest,
  totalSteps: 10_000_000,
  copies: 4,
  double: true,
  loss: 'huber',
  nStep: 3,
  optimiser: 'adam',
  learningRate: 2.5e-4,
  learningRateEnd: 1e-5,
  learningRateUpdates: 270_000,
  stability: 1.5e-4,
  targetEvery: 4000,
  epsilonEnd: 0.02,
  epsilonSteps: 250_000,
  learningStarts: 20_000,
  memory: 400_000,
  validateEvery: 200,
} as const satisfies Partial<DqnParameters>;

/** As published, directly trained: currents without biases but a constant input, twenty steps. */
const publishedSpiking = {
  spiking: true,
  semantics: 'dsqn',
  simulationSteps: 20,
  bias: false,
  initialisation: 'normal',
  surrogate: 'fast-sigmoid',
  surrogateSlope: 100,
  optimiser: 'adam',
  learningRate: 1e-3,
  learningStarts: 0,
} as const satisfies Partial<DqnParameters>;

/** What is integrated over all steps, divided by them, is of the size of a value. */
const spiking = {
  spiking: true,
  semantics: 'direct',
  initialisation: 'normal',
  weightScale: 2,
  surrogate: 'fast-sigmoid',
  surrogateSlope: 5,
} as const satisfies Partial<DqnParameters>;

/** Four steps cost half of eight; pixels of up to 2, not 1, make currents that fire within so few. */
const tunedSpiking = {
  ...modern,
  ...spiking,
  simulationSteps: 4,
  observationFactor: [1 / 128, 1 / 128, 1 / 128, 1 / 128],
  outputScale: 0.25,
  learningRate: 4e-4,
  learningRateEnd: 5e-5,
  learningRateUpdates: 300_000,
} as const satisfies Partial<DqnParameters>;

/**
 * Most pixels never change; what they add to every unit drowns the ball unless it is taken off. Gradients of a weight are
 * small in a layer of 6,400 inputs, hence the stability; the wide gaps between actions are for the conversion.
 */
const tunedPatel = {
  ...modern,
  view: 'patel',
  filters: [],
  frames: 1,
  hidden: [1000],
  centred: true,
  observationFactor: [0.01],
  learningRate: 1e-4,
  learningRateUpdates: 90_000,
  stability: 1e-7,
  target: 'soft',
  targetTau: 0.001,
  validateTarget: true,
  gapShare: 0.9,
  epsilonSteps: 100_000,
  memory: 200_000,
  testEpsilon: 0.1,
  totalSteps: 4_000_000,
} as const satisfies Partial<DqnParameters>;

const tunedPatelSpiking = {
  ...tunedPatel,
  ...spiking,
  simulationSteps: 20,
  observationFactor: [0.02],
  outputScale: 0.05,
  gapShare: 0,
  learningRate: 5e-5,
  learningRateEnd: 4e-6,
  learningRateUpdates: 200_000,
  learningStarts: 10_000,
} as const satisfies Partial<DqnParameters>;

/** Games of the Arcade Learning Environment; `--set environment=pong` plays another one by the same settings. */
export const gameExperiments: readonly Experiment[] = [
  {
    name: 'breakout-patel',
    summary: 'Breakout as published, 6400-1000-4 on weighted frames',
    agent: 'dqn',
    parameters: patel,
    published: { score: { mean: 10.21, std: 1.58 }, tables: '4.3.3' },
  },
  {
    name: 'breakout-patel-spiking',
    summary: 'the same as a spiking Q-network of 20 steps',
    agent: 'dqn',
    parameters: { ...patel, ...publishedSpiking },
    published: { score: { mean: 9.88, std: 1.7 }, tables: '4.3.3' },
  },
  {
    name: 'breakout-mnih',
    summary: 'Breakout as published, convolutions on binary frames',
    agent: 'dqn',
    parameters: mnih,
  },
  {
    name: 'breakout-mnih-spiking',
    summary: 'convolutions on binary frames, spiking, trained directly',
    agent: 'dqn',
    parameters: {
      ...mnih,
      ...modern,
      ...spiking,
      view: 'mnih',
      frameType: 'bits',
      observationFactor: [],
      simulationSteps: 8,
      outputScale: 0.125,
    },
  },
  {
    name: 'nature',
    summary: 'Nature 2015: convolutions on grey frames',
    agent: 'dqn',
    parameters: nature,
  },
  {
    name: 'simple-dqn-2015',
    summary: 'simple_dqn: no biases, averaged colours, RMSProp of its framework',
    agent: 'dqn',
    parameters: simpleDqn,
  },
  {
    name: 'modern',
    summary: 'double DQN, three-step returns, Adam: for a few million steps',
    agent: 'dqn',
    parameters: modern,
  },
  {
    name: 'modern-spiking',
    summary: 'the same with spiking convolutions, trained directly',
    agent: 'dqn',
    parameters: tunedSpiking,
  },
  {
    name: 'modern-patel',
    summary: '6400-1000-4 on weighted frames by the settings of `modern`',
    agent: 'dqn',
    parameters: tunedPatel,
    against: 'breakout-patel',
  },
  {
    name: 'modern-patel-spiking',
    summary: 'the same as a spiking Q-network of 20 steps',
    agent: 'dqn',
    parameters: tunedPatelSpiking,
    against: 'breakout-patel-spiking',
  },
];
