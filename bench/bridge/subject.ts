import path from 'node:path';
import { convert } from '../../ts/convert/index.js';
import { Random } from '../../ts/env/random.js';
import { readNpzFile, toFloat64 } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { loadCase } from '../conversion/cases.js';
import { measureBySimulation, scaleToActivity } from '../simulate/activity.js';
import { chainGraph, drawLayers, drawUniform } from '../simulate/network.js';
import { nets } from '../simulate/nets.js';

/** A spiking network and observations. */
export interface Subject {
  readonly name: string;
  readonly network: Network;
  readonly observations: Float64Array;
  readonly rows: number;
}

export const steps = 100;
/** Of the networks that are larger than CartPole's. */
const fewRows = 200;
/** Spikes for each hidden unit and step. */
const activity = 0.15;

/** The published network of CartPole, converted as it was published, and every observation of its replay memory. */
export async function cartPole(fixtures: string): Promise<Subject> {
  const { network, rows } = await loadCase(fixtures, 'cartpole_a_dqn');
  const spiking = await convert(network, { method: 'robust', percentile: 0.99, calibration: rows });
  return subject('CartPole, 4-16-16-2', spiking, rows);
}

/** Drawn weights, scaled so that neurons fire. */
export function patel(): Subject {
  const random = new Random(1);
  const { input } = nets.patel;
  const drawn = drawLayers(nets.patel, random);
  const observations = drawUniform(random, fewRows * input[0], 0, 1);
  const measure = measureBySimulation(input, observations.subarray(0, 4 * input[0]), steps, 1);
  const layers = scaleToActivity(drawn, activity, measure);
  const network = Network.fromGraph(chainGraph(input, layers, 'spiking'));
  return subject('6400-1000-4', network, Float64Array.from(observations));
}

/** Two convolutions and two fully connected layers, converted on its own frames. */
export async function convolution(fixtures: string): Promise<Subject> {
  const folder = path.join(fixtures, 'conv');
  const network = await Network.load(path.join(folder, 'conv_4x20x20_real.onnx'));
  const file = path.join(folder, 'conv_4x20x20_real_replay', 'memory_inputs.npz');
  const rows = toFloat64(readNpzFile(file).get('arr_0')).data;
  const spiking = await convert(network, { method: 'robust', percentile: 0.99, calibration: rows });
  return subject(
    'convolutions of 4 × 20 × 20',
    spiking,
    rows.slice(0, fewRows * network.inputSize),
  );
}

const subject = (name: string, network: Network, observations: Float64Array): Subject => ({
  name,
  network,
  observations,
  rows: observations.length / network.inputSize,
});
