import type { SimulationOptions } from '../simulator.js';
import type { Optimiser, Schedule } from '../trainer/optimiser.js';
import type { TrainerOptions } from '../trainer/options.js';
import type { NetworkParameters, OptimiserParameters } from './network-parameters.js';

/** How a spiking network of these parameters is simulated; undefined for a float one. */
export function simulationOf(parameters: NetworkParameters): SimulationOptions | undefined {
  if (!parameters.spiking) return undefined;
  const { simulationSteps: steps, semantics, encoding, decoding, biasAsObservation } = parameters;
  return { steps, semantics, encoding, decoding, ...(biasAsObservation && { biasAsObservation }) };
}

interface Shared {
  readonly seed: number;
  readonly threads: number;
}

/** The trainer's options that parameters of an agent stand for. */
export function trainerOptions(
  parameters: NetworkParameters & OptimiserParameters & Shared,
  frozen: readonly string[],
): TrainerOptions {
  const { clipValue, clipNorm, surrogate, surrogateSlope, seed, threads } = parameters;
  const simulation = simulationOf(parameters);
  return {
    optimiser: optimiserOf(parameters),
    clip: { ...(clipValue > 0 && { value: clipValue }), ...(clipNorm > 0 && { norm: clipNorm }) },
    ...(simulation && {
      simulation,
      surrogate: { kind: surrogate, slope: surrogateSlope },
      reset: parameters.attachedReset ? 'attached' : 'detached',
    }),
    trainable: {
      ...(parameters.spiking && {
        thresholds: parameters.trainThresholds,
        alpha: parameters.trainAlpha,
        beta: parameters.trainBeta,
      }),
      frozen: [...frozen],
    },
    seed,
    threads,
  };
}

function optimiserOf(parameters: OptimiserParameters): Optimiser {
  const { optimiser: kind, momentum, decay, weightDecay, stability } = parameters;
  const learningRate = scheduleOf(parameters);
  const epsilon = stability === null ? {} : { epsilon: stability };
  switch (kind) {
    case 'sgd':
      return { kind, learningRate, momentum, weightDecay };
    case 'adam':
      return { kind, learningRate, ...epsilon };
    case 'adamw':
      return { kind, learningRate, weightDecay, ...epsilon };
    case 'rmsprop':
      return { kind, learningRate, decay, momentum, ...epsilon };
    case 'rmsprop-nature':
    case 'rmsprop-neon':
      return { kind, learningRate, decay, ...epsilon };
  }
}

function scheduleOf(parameters: OptimiserParameters): Schedule {
  const { learningRate: from, learningRateEnd: to, learningRateUpdates: steps } = parameters;
  return to === null ? from : { kind: 'linear', from, to, steps };
}
