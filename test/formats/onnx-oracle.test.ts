import { expect } from 'chai';
import type { Graph } from '../../ts/graph.js';
import { checkAgainstOnnxRuntime, exportOnnx } from '../../ts/formats/onnx/index.js';
import { compareValues } from '../../ts/formats/onnx/compare.js';
import { sampleRows } from '../../ts/formats/onnx/samples.js';
import { expectRejection } from './helpers/expect-error.js';
import { referenceForward as forward } from './helpers/forward.js';
import { chain, floatGraph } from './helpers/graphs.js';
import { buildModel, node } from './helpers/model.js';

/** The float graph with one weight changed by a little. */
function tampered(by: number): Graph {
  const graph = floatGraph();
  const nodes = graph.nodes.map((layer) => {
    if (layer.kind !== 'dense' || layer.name !== 'second') return layer;
    const data = layer.weight.data.map((weight, index) => (index === 0 ? weight + by : weight));
    return { ...layer, weight: { ...layer.weight, data } };
  });
  return { ...graph, nodes };
}

describe('the onnxruntime check', () => {
  const model = exportOnnx(floatGraph());

  it('verifies an equal graph and reports the deviation', async () => {
    const check = await checkAgainstOnnxRuntime(model, floatGraph(), forward, {
      rows: 16,
      seed: 5,
    });
    expect(check).to.include({ status: 'verified', rows: 16, tolerance: 1e-4 });
    const [output] = check.perOutput;
    expect(output?.name).to.equal('q_values');
    expect(output?.largestDeviation).to.equal(check.largestDeviation).and.to.be.lessThan(1e-3);
    expect(output?.largestOutput).to.be.greaterThan(10);
  });

  it('refuses a graph with one weight off by a thousandth, and lets a wide tolerance pass it', async () => {
    const check = checkAgainstOnnxRuntime(model, tampered(1e-3), forward);
    await expectRejection(check, 'E_MISMATCH', 'q_values', 'onnxruntime');
    const loose = await checkAgainstOnnxRuntime(model, tampered(1e-3), forward, { tolerance: 0.1 });
    expect(loose.largestDeviation).to.be.greaterThan(1e-4);
  });

  it('refuses outputs of another width', async () => {
    const graph = floatGraph();
    const cut = { ...graph, outputs: ['active'] };
    await expectRejection(checkAgainstOnnxRuntime(model, cut, forward), 'E_MISMATCH', '[2]', '[5]');
  });

  it('refuses a forward pass that returns NaN', async () => {
    const nan = (_: Graph, _rows: Float32Array, count: number) =>
      new Float32Array(count * 2).fill(NaN);
    await expectRejection(
      checkAgainstOnnxRuntime(model, floatGraph(), nan),
      'E_MISMATCH',
      'Infinity',
    );
  });

  it('is unverified, with the reason, where onnxruntime cannot be loaded', async () => {
    const loadRuntime = () => Promise.reject(new Error('no such library'));
    const check = await checkAgainstOnnxRuntime(model, floatGraph(), forward, { loadRuntime });
    expect(check).to.include({ status: 'unverified', rows: 0 });
    expect(check.reason).to.include('no such library');
  });

  it('is unverified where onnxruntime cannot run the file', async () => {
    const unknown = buildModel({ nodes: [node('NoSuchOperator', ['x'], 'y')] });
    const check = await checkAgainstOnnxRuntime(unknown, floatGraph(), forward);
    expect(check.status).to.equal('unverified');
    expect(check.reason).to.include('NoSuchOperator');
  });

  it('is unverified where one observation is too large to sample', async () => {
    const graph = chain(
      { kind: 'input', name: 'x', shape: [2 ** 27] },
      { kind: 'relu', name: 'r' },
    );
    const check = await checkAgainstOnnxRuntime(model, graph, forward);
    expect(check.reason).to.include('too large');
  });
});

describe('compareValues', () => {
  const compare = (computed: number[], reference: number[], margins?: number[]) =>
    compareValues(
      {
        data: Float32Array.from(computed),
        ...(margins && { margins: Float32Array.from(margins) }),
      },
      Float32Array.from(reference),
      { rows: 4, tolerance: 1e-4 },
    );

  it('judges each magnitude by itself', () => {
    expect(compare([0, 0, 0, 1e4], [0, 0, 0, 1e4 + 0.5]).within).to.equal(true);
    expect(compare([0.5, 0, 0, 1e4], [0, 0, 0, 1e4]).within).to.equal(false);
  });

  it('takes equal infinities for equal', () => {
    expect(compare([Infinity, 0, 0, 0], [Infinity, 0, 0, 0]).largestDeviation).to.equal(0);
    expect(compare([Infinity, 0, 0, 0], [-Infinity, 0, 0, 0]).within).to.equal(false);
    expect(compare([1, 0, 0, 0], [NaN, 0, 0, 0]).within).to.equal(false);
  });

  it('lets choices differ only where the best values are nearly the same', () => {
    expect(compare([1, 2, 0, 3], [1, 0, 0, 3], [1, 1e-6, 1, 1]).within).to.equal(true);
    expect(compare([1, 2, 0, 3], [1, 0, 0, 3], [1, 1e-3, 1, 1]).within).to.equal(false);
  });
});

describe('sampleRows', () => {
  it('is the same for the same seed, normal, and of several magnitudes', () => {
    const rows = sampleRows(4, 5000, 3);
    expect(sampleRows(4, 5000, 3)).to.deep.equal(rows);
    expect(sampleRows(4, 5000, 4)).to.not.deep.equal(rows);
    [1, 0.01, 10, 100].forEach((magnitude, row) => {
      const values = rows.subarray(row * 5000, (row + 1) * 5000);
      const variance = values.reduce((sum, value) => sum + value * value, 0) / 5000;
      expect(Math.sqrt(variance) / magnitude).to.be.closeTo(1, 0.05);
    });
  });
});
