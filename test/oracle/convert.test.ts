import path from 'node:path';
import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { ConvertOptions } from '../../ts/convert/index.js';
import { readNpzFile } from '../../ts/formats/npz/index.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { GraphNode } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { chainOf } from '../conformance/random-nets.js';
import { repositoryRoot } from '../scripts/repository.js';
import { floats, oracle, oracleJson } from './simulate-cases.js';

interface ConvertCase {
  readonly key: string;
  readonly method: 'robust' | 'model';
  readonly percentile: number | null;
}

const { cases } = oracleJson('convert.json') as { cases: ConvertCase[] };

function floatNetwork(file: Npz): Network {
  const layers = file.keys.filter((key) => /^w\d+$/.test(key)).length;
  const nodes: GraphNode[] = [{ kind: 'input', name: 'x', shape: [file.get('w0').shape[1]!] }];
  for (let layer = 0; layer < layers; layer += 1) {
    const { shape } = file.get(`w${layer}`);
    const weight = { shape, data: floats(file, `w${layer}`) };
    const bias = { shape: [shape[0]!], data: floats(file, `b${layer}`) };
    nodes.push({ kind: 'dense', name: `fc${layer}`, weight, bias });
    if (layer + 1 < layers) nodes.push({ kind: 'relu', name: `relu${layer}` });
  }
  return Network.fromGraph(chainOf(nodes));
}

/** 1e-6 relative to the largest entry. */
function expectEqual(ours: ArrayLike<number>, file: Npz, key: string): void {
  const golden = Array.from(file.get(key).data, Number);
  expect(ours.length, key).to.equal(golden.length);
  const largest = Math.max(...golden.map(Math.abs));
  golden.forEach((value, i) => {
    expect(ours[i], `${key}[${i}]`).to.be.closeTo(value, 1e-6 * largest);
  });
}

async function checkCase(file: Npz, calibration: Float32Array, test: ConvertCase): Promise<void> {
  const methods: ConvertOptions[] =
    test.method === 'model'
      ? [{ method: 'model' }]
      : [{ method: 'robust', percentile: test.percentile!, calibration }];
  if (test.percentile === 1) methods.push({ method: 'data', calibration });
  for (const options of methods) {
    const { graph } = await convert(floatNetwork(file), options);
    expectEqual(graph.conversion!.scale, file, `${test.key}.scale`);
    const dense = graph.nodes.filter((node) => node.kind === 'dense');
    expect(dense).to.have.length(graph.conversion!.scale.length);
    dense.forEach(({ weight, bias }, layer) => {
      expect(weight.shape).to.deep.equal(file.get(`${test.key}.w${layer}`).shape);
      expectEqual(weight.data, file, `${test.key}.w${layer}`);
      expectEqual(bias!.data, file, `${test.key}.b${layer}`);
    });
  }
}

describe('oracle: conversion (convert.json)', () => {
  const nets: Record<string, () => [Npz, Float32Array]> = {
    'random-5-12-10-3': () => {
      const file = oracle('convert.random-5-12-10-3.npz');
      return [file, floats(file, 'calibration')];
    },
    'cartpole-dqn': () => {
      const rows = readNpzFile(path.join(repositoryRoot, 'models', 'cartpole-dqn.calibration.npz'));
      expect(rows.keys).to.have.length(1);
      return [oracle('convert.cartpole-dqn.npz'), floats(rows, rows.keys[0]!)];
    },
  };

  for (const [net, read] of Object.entries(nets)) {
    it(`${net}: ${cases.length} cases`, async () => {
      expect(cases.length).to.be.at.least(5);
      const [file, calibration] = read();
      for (const test of cases) await checkCase(file, calibration, test);
    });
  }

  it('would see another percentile', async () => {
    const [file, calibration] = nets['random-5-12-10-3']!();
    const wrong = { ...cases.find(({ key }) => key === 'robust_p99')!, percentile: 0.95 };
    let failure: unknown;
    await checkCase(file, calibration, wrong).catch((error: unknown) => (failure = error));
    expect(failure).to.be.instanceOf(Error);
  });
});
