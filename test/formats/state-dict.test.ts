import { expect } from 'chai';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { decodeStateDict, encodeStateDict, isStateDict } from '../../ts/formats/state-dict.js';
import { expectError } from './helpers/expect-error.js';
import { everyFloatKind } from './helpers/every-kind.js';
import { floatGraph, spikingGraph, tensor } from './helpers/graphs.js';

const array = (shape: readonly number[], seed = 1): NpyArray => ({
  ...tensor(shape, seed),
  dtype: 'f4',
});
const open = (entries: Record<string, NpyArray>) => readNpz(writeNpz(entries), 'state.npz');

describe('state dictionaries', () => {
  it('become dense layers in the order of the file, with a ReLU between them', () => {
    const npz = open({
      'q_net.2.weight': array([5, 3], 1),
      'q_net.2.bias': array([5], 2),
      'q_net.10.weight': array([2, 5], 3),
    });
    expect(isStateDict(npz)).to.equal(true);
    const { graph, notes } = decodeStateDict(npz);
    expect(notes).to.deep.equal([]);
    expect(graph.nodes.map(({ kind, name }) => `${kind} ${name}`)).to.deep.equal([
      'input input',
      'dense q_net.2',
      'relu relu0',
      'dense q_net.10',
    ]);
    expect(graph.nodes[1]).to.deep.include({ weight: tensor([5, 3], 1), bias: tensor([5], 2) });
    expect(graph.nodes[3]).to.not.have.property('bias');
  });

  it('are no other npz', () => {
    expect(isStateDict(open({ w0: array([2, 2]) }))).to.equal(false);
    expect(isStateDict(open({ weight: array([2, 2]) }))).to.equal(false);
  });

  it('name the layer that does not fit to the one before', () => {
    const npz = open({ 'a.weight': array([5, 3]), 'b.weight': array([2, 4]) });
    expectError(() => decodeStateDict(npz), 'E_SHAPE', "'b.weight' [2, 4]", '5 inputs');
  });

  it('refuse by name what they say too little of', () => {
    const cases: [Record<string, NpyArray>, string, string][] = [
      [{ 'c.weight': array([4, 3, 3, 3]) }, "'c.weight'", 'a convolution of [4, 3, 3, 3]'],
      [{ 'c.weight': array([4, 3, 3]) }, "'c.weight'", 'a convolution'],
      [{ 'n.weight': array([4]), 'n.bias': array([4]) }, "'n.weight'", 'a normalisation'],
      [{ 'a.weight': array([4, 4]), 'n.running_mean': array([4]) }, "'n.running_mean'", 'ONNX'],
      [{ 'a.weight': array([4, 4]), 'b.bias': array([4]) }, "'b.bias'", 'ONNX'],
      [{ 'a.weight': array([4, 4]), scale: array([4]) }, "'scale'", 'ONNX'],
    ];
    for (const [entries, ...parts] of cases) {
      expectError(() => decodeStateDict(open(entries)), 'E_UNSUPPORTED', ...parts);
    }
  });

  it('are written under the names of the nodes or under given ones', () => {
    const { bytes, notes } = encodeStateDict(floatGraph());
    expect(notes).to.deep.equal([]);
    expect(readNpz(bytes, 'x').keys).to.deep.equal(['first.weight', 'first.bias', 'second.weight']);
    const named = readNpz(encodeStateDict(floatGraph(), { keys: ['0', '2'] }).bytes, 'x');
    expect(named.keys).to.deep.equal(['0.weight', '0.bias', '2.weight']);
    const { graph } = decodeStateDict(named);
    expect(graph.nodes[3]).to.deep.include({ weight: tensor([2, 5], 3) });
  });

  it('hold convolutions and batch norms as PyTorch does, and say what is left out', () => {
    const { bytes, notes } = encodeStateDict(everyFloatKind());
    const npz = readNpz(bytes, 'x');
    expect(npz.get('conv.weight').shape).to.deep.equal([4, 1, 3, 3]);
    expect(npz.keys).to.include.members(['norm.weight', 'norm.running_mean', 'norm.running_var']);
    expect(notes.join()).to.include('pool').and.include('weights only');
    expect(encodeStateDict(spikingGraph()).notes.join()).to.include('neuron, accumulator');
  });

  it('need as many different names as there are layers', () => {
    for (const keys of [['0'], ['0', '0'], ['0', '1', '2']]) {
      const write = () => encodeStateDict(floatGraph(), { keys });
      expectError(write, 'E_ARGUMENT', '2 different names', 'first, second');
    }
  });
});
