import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { chainGraph } from './network.js';
import type { WeightedLayer } from './network.js';

/** Spikes for each unit and step, of each hidden layer. */
export type Measure = (layers: readonly WeightedLayer[]) => readonly number[];

/** Measures by running the network itself on some observations. */
export function measureBySimulation(
  input: readonly number[],
  observations: Float32Array,
  steps: number,
  threads: number,
): Measure {
  return (layers) => {
    const network = Network.fromGraph(chainGraph(input, layers, 'spiking'));
    const simulator = new Simulator(network, { steps, threads, epsilon: 0 });
    const { counts = [] } = simulator.runSync(observations, { record: { counts: true } });
    return counts.map((spikes) => spikes.reduce((sum, n) => sum + n, 0) / spikes.length / steps);
  };
}

const halvings = 14;
const largestFactor = 64;

/**
 * Scales weights and biases of each layer that feeds neurons until these fire at `target`, the first layer first:
 * a layer's activity rises with its own factor and does not depend on the layers after it.
 */
export function scaleToActivity(
  layers: readonly WeightedLayer[],
  target: number,
  measure: Measure,
): WeightedLayer[] {
  const scaled = [...layers];
  const hidden = scaled
    .map((_, index) => index)
    .filter((index) => layers[index]!.weight !== undefined)
    .slice(0, -1);
  hidden.forEach((index, place) => {
    const original = layers[index]!;
    let [low, high] = [0, largestFactor];
    for (let halving = 0; halving < halvings; halving += 1) {
      const factor = (low + high) / 2;
      scaled[index] = scaleLayer(original, factor);
      if (measure(scaled)[place]! < target) low = factor;
      else high = factor;
    }
    scaled[index] = scaleLayer(original, high);
  });
  return scaled;
}

function scaleLayer(layer: WeightedLayer, factor: number): WeightedLayer {
  const scale = (tensor: WeightedLayer['weight']) =>
    tensor && { shape: tensor.shape, data: tensor.data.map((value) => value * factor) };
  return { ...layer, weight: scale(layer.weight)!, bias: scale(layer.bias)! };
}

/** Refuses a network that is not as active as its trial says: the race would be another one. */
export function checkActivity(
  activity: readonly number[],
  units: readonly number[],
  target: number,
): void {
  const all = units.reduce((sum, n) => sum + n, 0);
  const mean = activity.reduce((sum, share, layer) => sum + share * units[layer]!, 0) / all;
  if (Math.abs(mean - target) > 0.01) {
    throw new Error(
      `mean activity is ${mean.toFixed(3)}, wanted ${target}: ${activity.join(', ')}`,
    );
  }
}
