import { choice, flag, numbers, perhaps, real, whole } from './parameters.js';
import type { ParametersOf } from './parameters.js';

/** The network that an agent begins with, and how it computes; the same for every agent. */
export const networkParameters = {
  hidden: numbers([16, 16], 'units of each hidden layer', 'whole'),
  filters: numbers([], 'convolutions before them: channels, kernel and stride of each', 'whole'),
  bias: flag(true, 'whether layers have biases'),
  initialisation: choice(
    ['uniform', 'normal'],
    'uniform',
    'weights and biases within ±1/√fan-in (PyTorch), or weights of deviation 1/√fan-in and biases 0',
  ),
  weightScale: real(1, 'factor on the initial weights', { least: 0 }),
  outputScale: real(1, 'factor on what the output layer gives', { least: 1e-6 }),
  observationFactor: numbers([], 'factor on each value of an observation; empty for none'),
  observationOffset: numbers([], 'what is added to each value after that; empty for none'),
  centred: flag(false, 'whether what random play sees on average is taken off observations'),
  spiking: flag(false, 'whether hidden units are integrate-and-fire neurons'),
  semantics: choice(['direct', 'dsqn'], 'direct', 'order of events in a step of a simulation'),
  simulationSteps: whole(20, 'steps of a simulation', { least: 1, most: 10_000_000 }),
  encoding: choice(
    ['constant', 'poisson', 'equidistant', 'latency'],
    'constant',
    'observation to input of a simulation',
  ),
  decoding: choice(
    ['potential', 'mean_potential', 'max_potential', 'spikes'],
    'potential',
    'output layer to result of a simulation',
  ),
  biasAsObservation: flag(false, 'the constant 1 as a further input of a spiking network'),
  threshold: real(1, 'firing threshold', { least: 1e-6 }),
  alpha: real(0, 'decay of the current', { least: 0, most: 1 }),
  beta: real(1, 'decay of the potential', { least: 0, most: 1 }),
  resetMode: choice(['subtraction', 'zero'], 'subtraction', 'what a spike does to the potential'),
  surrogate: choice(
    ['fast-sigmoid', 'arctan', 'sigmoid', 'piecewise'],
    'fast-sigmoid',
    "derivative that takes the place of a spike's",
  ),
  surrogateSlope: real(100, 'how steep it is', { least: 1e-6 }),
  attachedReset: flag(false, 'whether gradients flow through the reset'),
  trainThresholds: flag(false, 'whether thresholds are learnt'),
  trainAlpha: flag(false, 'whether decays of currents are learnt'),
  trainBeta: flag(false, 'whether decays of potentials are learnt'),
};

/** How its weights are moved. */
export const optimiserParameters = {
  optimiser: choice(
    ['adam', 'adamw', 'sgd', 'rmsprop', 'rmsprop-nature', 'rmsprop-neon'],
    'adam',
    'rule of the updates',
  ),
  learningRate: real(1e-3, 'learning rate', { least: 0 }),
  learningRateEnd: perhaps(
    null,
    'learning rate after `learningRateUpdates`, reached evenly; none: constant',
  ),
  learningRateUpdates: whole(100_000, 'updates on the way to `learningRateEnd`', { least: 1 }),
  momentum: real(0, 'momentum of sgd and rmsprop', { least: 0, most: 1 }),
  decay: real(0.95, 'decay of the squared gradients of rmsprop', { least: 0, most: 1 }),
  stability: perhaps(null, "what keeps a division from 0; none: the rule's own"),
  weightDecay: real(0, 'weight decay of sgd and adamw', { least: 0 }),
  clipValue: real(0, 'largest size of an element of the gradient; 0 for none', { least: 0 }),
  clipNorm: real(0, 'largest norm of the gradient; 0 for none', { least: 0 }),
};

export type NetworkParameters = ParametersOf<typeof networkParameters>;
export type OptimiserParameters = ParametersOf<typeof optimiserParameters>;
