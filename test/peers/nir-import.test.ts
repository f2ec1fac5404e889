import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { Network } from '../../ts/network.js';
import { tensor } from '../formats/helpers/graphs.js';
import { image, nested, observation, runPeers, spikesOf, steps } from './nir-nets.js';
import type { Answer, Layer, Library } from './nir-nets.js';

const linear = (shape: readonly [number, number], seed: number): Layer => ({
  kind: 'linear',
  weight: nested(tensor(shape, seed)),
  bias: nested(tensor(shape.slice(0, 1), seed + 1)),
});

const cell = (size: number, beta: number, threshold: number, more: object = {}): Layer => ({
  kind: 'cell',
  size,
  beta,
  threshold,
  alpha: 0,
  resetValue: 0,
  ...more,
});

const twoLayers = (first: Layer, second: Layer): Layer[] => [
  linear([8, 4], 1),
  first,
  linear([5, 8], 3),
  second,
];

const conv: Layer = {
  kind: 'conv',
  weight: nested(tensor([3, 1, 3, 3], 5)),
  bias: nested(tensor([3], 6)),
  padding: 1,
  stride: 2,
};

interface Theirs {
  readonly library: Library;
  readonly name: string;
  readonly layers: readonly Layer[];
  readonly shape?: readonly number[];
}

const theirs: readonly Theirs[] = [
  {
    library: 'snntorch',
    name: 'Leaky',
    layers: twoLayers(cell(8, 0.9, 1), cell(5, 0.75, 0.75)),
  },
  {
    library: 'snntorch',
    name: 'Synaptic',
    layers: twoLayers(cell(8, 0.9, 1, { alpha: 0.5 }), cell(5, 0.75, 2, { alpha: 0.25 })),
  },
  {
    library: 'snntorch',
    name: 'Conv2d, AvgPool2d and Flatten',
    layers: [
      conv,
      { kind: 'average', kernel: 3 },
      { kind: 'flatten' },
      linear([5, 3], 7),
      cell(5, 0.5, 1),
    ],
    shape: image,
  },
  {
    library: 'snntorch',
    name: 'RLeaky',
    layers: [
      linear([8, 4], 1),
      {
        kind: 'recurrent',
        size: 8,
        beta: 0.9,
        threshold: 1,
        weight: nested(tensor([8, 8], 9)),
        bias: nested(tensor([8], 10)),
      },
      linear([5, 8], 3),
      cell(5, 0.75, 0.75),
    ],
  },
  {
    library: 'spikingjelly',
    name: 'LIFNode',
    layers: twoLayers(cell(8, 0.75, 1), cell(5, 0.5, 0.75)),
  },
  {
    library: 'spikingjelly',
    name: 'LIFNode whose input decays',
    layers: twoLayers(
      cell(8, 0.75, 0.25, { decayInput: true }),
      cell(5, 0.5, 0.25, { decayInput: true }),
    ),
  },
  {
    library: 'spikingjelly',
    name: 'nodes that reset to other values than 0',
    layers: twoLayers(cell(8, 0.75, 1, { resetValue: -0.25 }), cell(5, 1, 1, { resetValue: 0.25 })),
  },
  {
    library: 'spikingjelly',
    name: 'IFNode',
    layers: twoLayers(cell(8, 1, 1), cell(5, 1, 0.75)),
  },
  {
    library: 'spikingjelly',
    name: 'CUBALIFNode',
    layers: twoLayers(cell(8, 0.9, 1, { alpha: 0.5 }), cell(5, 0.75, 2, { alpha: 0.25 })),
  },
  {
    library: 'spikingjelly',
    name: 'Conv2d, AvgPool2d and Flatten',
    layers: [
      conv,
      cell(0, 0.75, 1),
      { kind: 'average', kernel: 3 },
      { kind: 'flatten' },
      linear([5, 3], 7),
      cell(5, 0.5, 0.75),
    ],
    shape: image,
  },
  {
    library: 'norse',
    name: 'LIFBoxCell',
    layers: twoLayers(cell(8, 0.9, 0.125), cell(5, 0.75, 0.25)),
  },
  {
    library: 'norse',
    name: 'IAFCell',
    layers: twoLayers(cell(8, 1, 1), cell(5, 1, 0.75)),
  },
];

describe('NIR files of other libraries', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-peers-'));
  let answers: Answer[];
  const fileOf = (index: number): string => path.join(folder, `${index}.nir`);

  before(() => {
    answers = runPeers(
      theirs.map(({ library, layers, shape = [4] }, index) => ({
        library,
        layers,
        file: fileOf(index),
        input: nested(observation(shape)),
        steps,
      })),
    );
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [index, { library, name, shape = [4] }] of theirs.entries()) {
    it(`fire here as there, in every step: ${library}, ${name}`, async () => {
      const answer = answers[index]!;
      expect(answer).to.have.property('spikes');
      const network = await Network.load(fileOf(index), { profile: library });
      expect(network.origin!.source).to.equal('nir');
      const spikes = spikesOf(network, observation(shape).data);
      expect(spikes.flat()).to.include(1).and.to.include(0);
      expect(answer).to.deep.equal({ spikes });
    });
  }
});
