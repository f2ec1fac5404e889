import type { DemoResult } from '../../ts/demo/result.js';
import { Random } from '../../ts/env/random.js';

const steps = 100;
const hidden = [
  { name: 'hidden 1', neurons: 16, meanRate: 0.34 },
  { name: 'hidden 2', neurons: 16, meanRate: 0.22 },
];

/** Regular trains with a phase of their own, as a constant input makes integrate-and-fire neurons fire. */
function spikeTrains(random: Random, neurons: number, meanRate: number): [number, number][] {
  const spikes: [number, number][] = [];
  for (let neuron = 0; neuron < neurons; neuron += 1) {
    const rate = Math.max(0, random.uniform(-0.5, 2.5) * meanRate);
    let potential = 0;
    for (let step = 0; step < steps; step += 1) {
      potential += rate;
      if (potential >= 1) {
        spikes.push([step, neuron]);
        potential -= 1;
      }
    }
  }
  return spikes;
}

/** A made-up result of the size and shape that a CartPole demonstration has. */
export function sampleResult(episodes = 100): DemoResult {
  const random = new Random(2020);
  const episodeReturns = (low: number, high: number) =>
    Array.from({ length: episodes }, () => Math.round(Math.min(500, random.uniform(low, high))));
  const player = (returns: number[], observationsPerSecond: number) => {
    const mean = returns.reduce((a, b) => a + b) / episodes;
    const squares = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const standardError = episodes < 2 ? null : Math.sqrt(squares / (episodes - 1) / episodes);
    return { returns, mean, standardError, observationsPerSecond };
  };
  const curve = (semantics: 'direct' | 'dsqn', half: number) => ({
    semantics,
    points: [5, 10, 20, 50, 100, 200, 500].map((t) => ({
      steps: t,
      share: 1 - 0.48 / (1 + (t / half) ** 1.3),
    })),
  });
  const rasters = hidden.map(({ name, neurons, meanRate }) => ({
    name,
    neurons,
    spikes: spikeTrains(random, neurons, meanRate),
  }));
  return {
    network: {
      file: 'models/cartpole/q-network.onnx',
      units: [4, 16, 16, 2],
      parameters: 386,
      check: { observations: 256, largestDeviation: 2.29e-5, runtimeVersion: '1.30.0' },
    },
    conversion: {
      method: 'layer',
      percentile: 0.99,
      calibrationRows: 20_000,
      layers: [
        { name: 'hidden 1', units: 16, scale: 6.681 },
        { name: 'hidden 2', units: 16, scale: 7.288 },
        { name: 'output', units: 2, scale: 34.551 },
      ],
    },
    simulation: {
      semantics: 'direct',
      steps,
      encoding: 'constant',
      decoding: 'potential',
      spikesPerObservation: rasters.reduce((sum, { spikes }) => sum + spikes.length, 0),
    },
    play: {
      environment: 'CartPole-v1',
      maxSteps: 500,
      seed: 1000,
      float: player(episodeReturns(240, 720), 1_934_218),
      spiking: { ...player(episodeReturns(180, 640), 84_120), similarity: 0.9421 },
    },
    agreement: { observations: 2000, curves: [curve('direct', 18), curve('dsqn', 26)] },
    activity: {
      observations: 2000,
      layers: hidden.map(({ name, neurons, meanRate }, layer) => ({
        name,
        spikesPerStep: Array.from({ length: steps }, (_, step) => {
          const rise = 1 - Math.exp(-(step + 1) / (2 + 3 * layer));
          return neurons * meanRate * rise + random.uniform(-0.2, 0.2) * rise;
        }),
      })),
    },
    raster: {
      observation: [0.0213, -0.1842, 0.0311, 0.2764],
      floatAction: 1,
      spikingAction: 1,
      layers: rasters,
    },
    commands: [
      {
        purpose: 'Turn the float network into a spiking one',
        command:
          'npx spiq convert models/cartpole/q-network.onnx --method layer --percentile 0.99 --calibrate models/cartpole/observations.npz --out spiking.npz',
      },
      {
        purpose: 'Simulate it on observations of your own',
        command:
          'npx spiq simulate spiking.npz --input observations.npz --steps 100 --out spikes.npz',
      },
    ],
    machine: {
      cpu: 'Intel(R) Xeon(R) Processor @ 2.10GHz',
      threads: 2,
      isa: 'avx512',
      nodeVersion: 'v20.20.2',
      spiqVersion: '0.1.0',
      date: '2025-11-21T11:42:00Z',
    },
  };
}
