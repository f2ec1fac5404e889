import { expect } from 'chai';
import { importOnnxBytes, parseOnnx } from '../../ts/formats/onnx/index.js';
import { graphForOutput } from '../../ts/formats/prune.js';
import { expectError, expectRejection } from './helpers/expect-error.js';
import { referenceForward as forward } from './helpers/forward.js';
import { tensor } from './helpers/graphs.js';
import { buildModel, initialiser, intAttribute, integers, node, value } from './helpers/model.js';
import type { ModelParts } from './helpers/model.js';

const weights = initialiser('w', tensor([3, 4], 1));
const product = node('MatMul', ['x', 'w'], 'p', [], 'layer');
const int64 = 7;

describe('operators behind the network', () => {
  const tails: Record<string, [ModelParts, object[]]> = {
    Softmax: [
      { nodes: [product, node('Softmax', ['p'], 'y', [], 'soft')] },
      [{ output: 'y', operator: 'Softmax', node: 'soft', axis: 1 }],
    ],
    'Softmax as before opset 13': [
      { nodes: [product, node('Softmax', ['p'], 'y')], opset: 12n },
      [{ output: 'y', operator: 'Softmax', node: '', axis: 1, joined: true }],
    ],
    LogSoftmax: [
      { nodes: [product, node('LogSoftmax', ['p'], 'y', [intAttribute('axis', -1)])] },
      [{ output: 'y', operator: 'LogSoftmax', node: '', axis: 1 }],
    ],
    Sigmoid: [
      { nodes: [product, node('Sigmoid', ['p'], 'y')] },
      [{ output: 'y', operator: 'Sigmoid', node: '' }],
    ],
    'ArgMax with a cast and a reshape': [
      {
        nodes: [
          product,
          node('ArgMax', ['p'], 'a', [intAttribute('axis', 1), intAttribute('keepdims', 0)]),
          node('Cast', ['a'], 'c', [intAttribute('to', int64)]),
          node('Reshape', ['c', 'shape'], 'y'),
        ],
        initialisers: [weights, integers('shape', [-1])],
        outputs: [value('y', ['n'], int64)],
      },
      [{ output: 'y', operator: 'ArgMax', node: '', axis: 1 }],
    ],
  };
  for (const [title, [parts, tail]] of Object.entries(tails)) {
    it(`${title} is left out, remembered, and done for the check`, async () => {
      const model = buildModel({ initialisers: [weights], ...parts });
      const imported = await importOnnxBytes(model, { forward });
      expect(imported.tail).to.deep.equal(tail);
      expect(imported.notes.join()).to.include('left out');
      expect(imported.graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'dense']);
      expect(imported.check.status, imported.check.reason).to.equal('verified');
    });
  }

  it('finds a choice that differs', async () => {
    const nodes = [product, node('ArgMax', ['p'], 'y', [intAttribute('axis', 1)])];
    const outputs = [value('y', ['n', 1], int64)];
    const model = buildModel({ nodes, initialisers: [weights], outputs });
    const negated = (...given: Parameters<typeof forward>) => forward(...given).map((q) => -q);
    await expectRejection(importOnnxBytes(model, { forward: negated }), 'E_MISMATCH', "'y'");
  });
});

describe('the option output', () => {
  const nodes = [
    product,
    node('Relu', ['p'], 'r'),
    node('Tanh', ['r'], 't', [], 'squash'),
    node('Sigmoid', ['r'], 's'),
  ];
  const parts = { nodes, initialisers: [weights], outputs: [value('t'), value('s'), value('p')] };

  it('chooses an output of several, and the check runs that part', async () => {
    const imported = await importOnnxBytes(buildModel(parts), { forward, output: 's' });
    expect(imported.outputNames).to.deep.equal(['s']);
    expect(imported.tail).to.have.length(1);
    expect(imported.check.status, imported.check.reason).to.equal('verified');
  });

  it('chooses a value inside the network', async () => {
    const imported = await importOnnxBytes(buildModel(parts), { forward, output: 'r' });
    expect(imported.graph.nodes.map(({ kind }) => kind)).to.deep.equal(['input', 'dense', 'relu']);
    expect(imported.check.copy).to.include('part');
    expect(imported.check.perOutput.map(({ name }) => name)).to.deep.equal(['r']);
  });

  it('is proposed where another output cannot be imported', () => {
    const words = ["'squash'", "['s', 'p']", 'option output', "'r' imports"];
    expectError(() => parseOnnx(buildModel(parts), 'm'), 'E_UNSUPPORTED', ...words);
    const unknown = () => parseOnnx(buildModel(parts), 'm', { output: 'q' });
    expectError(unknown, 'E_GRAPH', "'q'");
  });

  it('leaves an input alone that only other outputs need', async () => {
    const inputs = [value('x', ['n', 3]), value('z', ['n', 3])];
    const model = buildModel({
      nodes: [...nodes, node('Relu', ['z'], 'other')],
      initialisers: [weights],
      inputs,
      outputs: [value('p'), value('other')],
    });
    const imported = await importOnnxBytes(model, { forward, output: 'p' });
    expect(imported.check.status, imported.check.reason).to.equal('verified');
  });

  it('is what graphForOutput does to a graph', () => {
    const { graph } = parseOnnx(buildModel({ ...parts, outputs: [value('p'), value('r')] }), 'm');
    expect(graph.outputs).to.deep.equal(['layer', 'relu0']);
    const cut = graphForOutput(graph, 'layer');
    expect(cut.nodes.map(({ name }) => name)).to.deep.equal(['x', 'layer']);
    expect(cut.edges).to.deep.equal([['x', 'layer']]);
    expectError(() => graphForOutput(graph, 'none'), 'E_GRAPH', 'none');
  });
});

describe('the option inputShape', () => {
  const relu = [node('Relu', ['x'], 'y')];
  const open = buildModel({ nodes: relu, inputs: [value('x', ['n', 3, 'h', 'w'])] });

  it('fixes sizes that the file leaves open', async () => {
    const { graph, check } = await importOnnxBytes(open, { forward, inputShape: [3, 4, 5] });
    expect(graph.nodes[0]).to.deep.include({ shape: [3, 4, 5] });
    expect(check.status, check.reason).to.equal('verified');
  });

  it('may not contradict the file', () => {
    const parse = (inputShape: number[]) => () => parseOnnx(open, 'm', { inputShape });
    expectError(parse([4, 4, 5]), 'E_SHAPE', 'inputShape', '[4, 4, 5]');
    expectError(parse([3, 4]), 'E_SHAPE', 'inputShape', '[3, 4]');
  });
});

describe('the option checkLayers', () => {
  it('compares each value that still has a node', async () => {
    const nodes = [product, node('Add', ['p', 'b'], 's'), node('Relu', ['s'], 'y')];
    const model = buildModel({ nodes, initialisers: [weights, initialiser('b', tensor([4], 2))] });
    const { check } = await importOnnxBytes(model, { forward, checkLayers: true });
    expect(check.perLayer?.map(({ name }) => name)).to.deep.equal(['s', 'y']);
  });

  it('names the first value that differs', async () => {
    const nodes = [product, node('Relu', ['p'], 'r'), node('Neg', ['r'], 'y')];
    const model = buildModel({ nodes, initialisers: [weights] });
    /** Wrong from the ReLU on. */
    const wrong = (...[graph, rows, count]: Parameters<typeof forward>) => {
      const changed = graph.nodes.map((layer) =>
        layer.kind === 'relu' ? { ...layer, slope: 0.5 } : layer,
      );
      return forward({ ...graph, nodes: changed }, rows, count);
    };
    const imported = importOnnxBytes(model, { forward: wrong, checkLayers: true });
    await expectRejection(imported, 'E_MISMATCH', "first value that differs is 'r'");
    await expectRejection(importOnnxBytes(model, { forward: wrong }), 'E_MISMATCH', 'checkLayers');
  });
});
