import { checkNames } from '../check.js';
import { Random } from '../env/random.js';
import { mismatch } from '../errors.js';
import type { GraphNode, NeuronAttributes, Tensor } from '../graph.js';
import { Network } from '../network.js';
import { GraphDraft } from './graph-draft.js';
import { weightsFrom } from './initial-weights.js';
import type { Initialisation } from './initial-weights.js';

interface InitialOptions {
  /** How weights begin (default `uniform`, as in PyTorch; of spiking networks `normal`). */
  readonly init?: Initialisation;
  readonly seed?: number;
}

export interface DenseNetworkOptions extends InitialOptions {
  /** Units of the input, of each layer, of the output. */
  readonly sizes: readonly number[];
  /** Default true. */
  readonly bias?: boolean;
}

export interface Convolution {
  readonly channels: number;
  readonly kernel: number;
  readonly stride?: number;
  readonly padding?: number;
}

/** The convolutions of Mnih et al., "Human-level control through deep reinforcement learning", Nature 518, 2015. */
export const natureConvolutions: readonly Convolution[] = [
  { channels: 32, kernel: 8, stride: 4 },
  { channels: 64, kernel: 4, stride: 2 },
  { channels: 64, kernel: 3, stride: 1 },
];

export interface ConvNetworkOptions extends InitialOptions {
  /** [channels, height, width]; left out, 4 frames of 84 × 84. */
  readonly input?: readonly [number, number, number];
  readonly convolutions?: readonly Convolution[];
  /** Units of the layers between convolutions and output (left out, 512). */
  readonly hidden?: readonly number[];
  readonly outputs: number;
  readonly bias?: boolean;
  /** What observations are multiplied with when they are taken in, such as 1/255. */
  readonly inputFactor?: number;
}

export interface DuelingNetworkOptions extends InitialOptions {
  /** Units of the input, or [channels, height, width]. */
  readonly input: number | readonly [number, number, number];
  readonly convolutions?: readonly Convolution[];
  /** Units of the layers that both streams share. */
  readonly hidden?: readonly number[];
  /** Units of each stream's own hidden layer. */
  readonly stream: number;
  readonly outputs: number;
  readonly bias?: boolean;
  readonly inputFactor?: number;
}

/** The node that joins the streams of a dueling network; a trainer has to leave it alone (`trainable.frozen`). */
export const duelingNode = 'dueling';

export interface SpikingNetworkOptions extends InitialOptions {
  readonly sizes: readonly number[];
  /** Default false, as published. */
  readonly bias?: boolean;
  /** The first layer takes one input more, for simulations that append the constant 1 to each observation. */
  readonly biasAsObservation?: boolean;
  /** Of every neuron. */
  readonly neurons?: NeuronAttributes;
  /** What the last layer is; a `neuron` integrates too where the decoding counts no spikes (default). */
  readonly output?: 'neuron' | 'accumulator';
}

const initialNames = ['init', 'seed'];
const pytorch: Initialisation = { kind: 'uniform' };

/** Fully connected layers with a ReLU between them. */
export function denseNetwork(options: DenseNetworkOptions): Network {
  checkNames(options, ['sizes', 'bias', ...initialNames], 'dense network');
  const { sizes, bias = true, init = pytorch, seed = 0 } = options;
  checkSizes(sizes, 2, "dense network 'sizes'");
  const draft = new GraphDraft([sizes[0]!], weightsFrom(init, new Random(seed)));
  sizes.slice(1).forEach((units, index) => {
    if (index > 0) draft.relu();
    draft.dense(units, bias);
  });
  return Network.fromGraph(draft.graph());
}

/** Convolutions, then fully connected layers, with a ReLU between them; left out, the Nature paper's. */
export function convNetwork(options: ConvNetworkOptions): Network {
  const names = ['input', 'convolutions', 'hidden', 'outputs', 'bias', 'inputFactor'];
  checkNames(options, [...names, ...initialNames], 'convolutional network');
  const { input = [4, 84, 84], convolutions = natureConvolutions, hidden = [512] } = options;
  const { outputs, bias = true, init = pytorch, seed = 0, inputFactor } = options;
  const draft = new GraphDraft(
    input,
    weightsFrom(init, new Random(seed)),
    scaled(input, inputFactor),
  );
  addBody(draft, convolutions, hidden, bias);
  draft.dense(outputs, bias);
  return Network.fromGraph(draft.graph());
}

/**
 * A value and the advantage of each action, each with a hidden layer of its own, joined as V + A − mean A (Wang et
 * al., "Dueling network architectures for deep reinforcement learning", ICML 2016). The mean is a fixed matrix in
 * the node named `duelingNode`.
 */
export function duelingNetwork(options: DuelingNetworkOptions): Network {
  const names = ['input', 'convolutions', 'hidden', 'stream', 'outputs', 'bias', 'inputFactor'];
  checkNames(options, [...names, ...initialNames], 'dueling network');
  const { input, convolutions = [], hidden = [], stream, outputs, bias = true } = options;
  const { init = pytorch, seed = 0, inputFactor } = options;
  checkSizes([stream, outputs], 2, "dueling network 'stream' and 'outputs'");
  const shape = typeof input === 'number' ? [input] : input;
  const draft = new GraphDraft(
    shape,
    weightsFrom(init, new Random(seed)),
    scaled(shape, inputFactor),
  );
  addBody(draft, convolutions, hidden, bias);
  const begin = draft.place;
  draft.dense(stream, bias, 'value-hidden').relu('value-relu').dense(1, bias, 'value');
  const value = draft.place;
  draft.go(begin).dense(stream, bias, 'advantage-hidden').relu('advantage-relu');
  draft.dense(outputs, bias, 'advantage');
  draft.concat([value, draft.place], 'streams');
  const columns = outputs + 1;
  const data = new Float32Array(outputs * columns).fill(-1 / outputs);
  for (let action = 0; action < outputs; action += 1) {
    data[action * columns] = 1;
    data[action * columns + action + 1]! += 1;
  }
  const weight = { shape: [outputs, columns], data };
  draft.add({ kind: 'dense', name: duelingNode, weight }, [outputs]);
  return Network.fromGraph(draft.graph());
}

/** Fully connected layers of spiking neurons. */
export function spikingNetwork(options: SpikingNetworkOptions): Network {
  const names = ['sizes', 'bias', 'biasAsObservation', 'neurons', 'output'];
  checkNames(options, [...names, ...initialNames], 'spiking network');
  const { sizes, bias = false, biasAsObservation = false, neurons = {} } = options;
  const { init = { kind: 'normal' }, seed = 0, output = 'neuron' } = options;
  checkSizes(sizes, 2, "spiking network 'sizes'");
  if (!['neuron', 'accumulator'].includes(output)) {
    throw mismatch('E_ARGUMENT', "spiking network 'output'", 'one of neuron, accumulator', output);
  }
  const inputs = sizes[0]! + (biasAsObservation ? 1 : 0);
  const draft = new GraphDraft([inputs], weightsFrom(init, new Random(seed)));
  sizes.slice(1).forEach((units, index) => {
    draft.dense(units, bias);
    const last = index + 2 === sizes.length;
    const name = `neurons${index}`;
    const node: GraphNode =
      last && output === 'accumulator'
        ? { kind: 'accumulator', name }
        : { kind: 'neuron', name, ...neurons };
    draft.add(node, [units]);
  });
  return Network.fromGraph(draft.graph());
}

function addBody(
  draft: GraphDraft,
  convolutions: readonly Convolution[],
  hidden: readonly number[],
  bias: boolean,
): void {
  for (const convolution of convolutions) draft.conv(convolution, bias).relu();
  draft.flatten();
  for (const units of hidden) draft.dense(units, bias).relu();
}

function scaled(shape: readonly number[], factor: number | undefined): { factor?: Tensor } {
  if (factor === undefined) return {};
  const channels = shape[0]!;
  return { factor: { shape: [channels], data: new Float32Array(channels).fill(factor) } };
}

function checkSizes(sizes: readonly number[], least: number, what: string): void {
  const sound =
    Array.isArray(sizes) &&
    sizes.length >= least &&
    sizes.every((size) => Number.isSafeInteger(size) && size > 0);
  if (!sound) throw mismatch('E_ARGUMENT', what, `at least ${least} sizes from 1 on`, sizes);
}
