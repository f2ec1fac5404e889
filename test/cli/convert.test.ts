import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { toFloat32 } from '../../ts/formats/npz/index.js';
import type { Npz } from '../../ts/formats/npz/index.js';
import type { Graph } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { tensor } from '../formats/helpers/graphs.js';
import { buildModel, initialiser, node, value } from '../formats/helpers/model.js';
import { dqn, fail, observations, succeed, succeedJson } from './spiq.js';
import { Workspace, bareWeights, transposed } from './workspace.js';

interface Described {
  readonly tail?: object[];
  readonly notes?: string[];
  readonly check: { readonly perLayer: readonly { readonly name: string }[] };
}

interface Converted {
  readonly network: { readonly source: string; readonly check: { readonly status: string } };
  readonly method: string;
  readonly percentile?: number;
  readonly scale: readonly number[];
  readonly calibrationRows?: number;
  readonly output: string;
}

const keys = ['w0', 'b0', 'w1', 'b1', 'w2', 'b2', 'scale', 'layout', 'graph'];
const calibration = ['--calibration', observations];

function text(file: Npz, key: string): string {
  return new TextDecoder().decode(file.get(key).data);
}

describe('command line: convert', function () {
  this.timeout(60_000);
  const work = new Workspace();
  const convert = (output: string, ...more: string[]) =>
    succeedJson<Converted>(['convert', dqn, '-o', work.path(output), ...more]);

  it('writes robust, data and model scalings as numpy reads them', async () => {
    const robust = await convert('robust.npz', '--percentile', '0.9', ...calibration);
    expect(robust).to.include({ method: 'robust', percentile: 0.9, calibrationRows: 2000 });
    expect(robust.network).to.include({ source: 'onnx' });
    expect(robust.network.check.status).to.equal('verified');
    const data = await convert('data.npz', '--method', 'data', ...calibration);
    const model = await convert('model.npz', '--method', 'model');
    expect(model).to.have.all.keys('network', 'method', 'scale', 'output');
    // Of 0.9 of the rows and of all; a scale is never below the layer's largest weight, so the first may be equal.
    robust.scale.forEach((scale, layer) => expect(scale).to.be.at.most(data.scale[layer]!));
    expect(robust.scale.at(-1)).to.be.below(data.scale.at(-1)!);
    for (const [name, { scale }] of Object.entries({ robust, data, model })) {
      const file = work.read(`${name}.npz`);
      expect(file.keys).to.deep.equal(keys);
      expect(text(file, 'layout')).to.equal('out-in');
      expect(file.get('scale').data).to.deep.equal(Float32Array.from(scale));
      expect(file.get('w0')).to.deep.include({ dtype: 'f4', shape: [16, 4] });
      expect(file.get('w2')).to.deep.include({ dtype: 'f4', shape: [2, 16] });
      expect(file.get('b2')).to.deep.include({ dtype: 'f4', shape: [2] });
    }
  });

  it('scales the weights by its scales, and describes the whole network in graph', async () => {
    const { scale } = await convert('whole.npz', ...calibration);
    const file = work.read('whole.npz');
    const float = await Network.load(dqn);
    const dense = float.graph.nodes.filter((node) => node.kind === 'dense');
    dense.forEach(({ weight, bias }, layer) => {
      const [before, after] = [layer === 0 ? 1 : scale[layer - 1]!, scale[layer]!];
      const expectScaled = (key: string, values: Float32Array, factor: number): void => {
        const written = toFloat32(file.get(key)).data;
        written.forEach((value, at) =>
          expect(value, `${key}[${at}]`).to.be.closeTo(
            values[at]! * factor,
            1e-6 * Math.abs(value),
          ),
        );
      };
      expectScaled(`w${layer}`, weight.data, before / after);
      expectScaled(`b${layer}`, bias!.data, 1 / after);
    });
    const graph = JSON.parse(text(file, 'graph')) as Graph;
    expect(graph.conversion).to.deep.include({ method: 'robust', percentile: 0.99, scale });
    const kinds = graph.nodes.map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['input', 'dense', 'neuron', 'dense', 'neuron', 'dense', 'neuron']);
    expect(graph.edges).to.have.length(6);
    expect(graph.outputs).to.have.length(1);
  });

  it('stores [in, out] with --layout in-out, and reads both alike', async () => {
    await convert('rows.npz', ...calibration);
    await convert('columns.npz', '--layout', 'in-out', ...calibration);
    const [rows, columns] = [work.read('rows.npz'), work.read('columns.npz')];
    expect(text(columns, 'layout')).to.equal('in-out');
    expect(columns.get('w0').shape).to.deep.equal([4, 16]);
    expect(columns.get('w0').data[1]).to.equal(rows.get('w0').data[4]);
    const [a, b] = await Promise.all(
      ['rows.npz', 'columns.npz'].map(async (name) => Network.load(work.path(name))),
    );
    expect(a!.graph).to.deep.equal(b!.graph);
  });

  it('converts bare weights as --net-layout says', async () => {
    const weights = bareWeights([4, 6, 2]);
    const [outIn, inOut] = [work.write('a.npz', weights), work.write('b.npz', transposed(weights))];
    const run = async (file: string, layout: string) =>
      (
        await succeedJson<Converted>([
          ...['convert', file, '--net-layout', layout, '--method', 'data'],
          ...['-o', work.path('bare.npz'), ...calibration],
        ])
      ).scale;
    expect(await run(outIn, 'out-in')).to.deep.equal(await run(inOut, 'in-out'));
    const line = ['convert', outIn, '--method', 'model', '-o', work.path('bare.npz')];
    expect(await fail(line, 'E_ARGUMENT')).to.include('--layout');
    expect(await fail([...line, '--net-layout', 'in-out'], 'E_SHAPE')).to.include("as 'out-in'");
  });

  it('reads what an ONNX file leaves open or has behind the network as the options say', async () => {
    const nodes = [
      node('Flatten', ['x'], 'f', [], 'flat'),
      node('MatMul', ['f', 'w'], 'h', [], 'hidden'),
      node('Relu', ['h'], 'r', [], 'active'),
      node('MatMul', ['r', 'v'], 'p', [], 'layer'),
      node('Softmax', ['p'], 'y', [], 'soft'),
    ];
    const initialisers = [
      initialiser('w', tensor([12, 5], 1)),
      initialiser('v', tensor([5, 2], 2)),
    ];
    const outputs = [value('y'), value('r')];
    const inputs = [value('x', ['n', 3, 'rows', 2])];
    const file = work.path('open.onnx');
    writeFileSync(file, buildModel({ nodes, initialisers, inputs, outputs }));
    const line = ['convert', file, '--method', 'model', '-o', work.path('open.npz')];
    expect(await fail(line, 'E_UNSUPPORTED')).to.include('--input-shape');
    const shaped = [...line, '--input-shape', '3x2x2'];
    expect(await fail(shaped, 'E_UNSUPPORTED')).to.include('--net-output');
    const { network } = await succeedJson<{ network: Described }>([
      ...shaped,
      '--net-output',
      'y',
      '--check-layers',
    ]);
    expect(network.tail).to.deep.equal([
      { output: 'y', operator: 'Softmax', node: 'soft', axis: 1 },
    ]);
    expect(network.notes?.join()).to.include('left out Softmax');
    expect(network.check.perLayer.map(({ name }) => name)).to.deep.equal(['f', 'h', 'r', 'p']);
    const { stderr } = await succeed([...shaped, '--net-output', 'y', '--check-layers']);
    expect(stderr).to.include('layer (p): largest deviation').and.to.include('left out Softmax');
    expect(await fail([...line, '--input-shape', '3,2'], 'E_USAGE')).to.include('3x84x84');
  });

  it('writes ONNX that onnxruntime runs: outputs over the last scale', async () => {
    const { scale } = await convert('snn.onnx', ...calibration);
    const rows = Float32Array.of(0.1, -0.5, 0.02, 0.4, -1, 2, -0.1, -1.5);
    const run = async (file: string): Promise<Float32Array> => {
      const session = await InferenceSession.create(file);
      const input = new Tensor('float32', rows, [2, 4]);
      const results = await session.run({ [session.inputNames[0]!]: input });
      return results[session.outputNames[0]!]!.data as Float32Array;
    };
    const [float, scaled] = [await run(dqn), await run(work.path('snn.onnx'))];
    scaled.forEach((value, at) => expect(value * scale.at(-1)!).to.be.closeTo(float[at]!, 1e-4));
    const noted = await succeed([
      'convert',
      dqn,
      '-o',
      work.path('b.onnx'),
      '--layout',
      'in-out',
      ...calibration,
    ]);
    expect(noted.stderr).to.match(/^note: --layout is for \.npz alone/m);
  });

  it('shows a table, and nothing at all with --quiet', async () => {
    const line = [
      'convert',
      dqn,
      '-o',
      work.path('shown.npz'),
      '--calibration-rows',
      '500',
      ...calibration,
    ];
    const { stdout, stderr } = await succeed(line);
    expect(stdout).to.match(
      /^layer +scale\n0 +[\d.]+\n1 +[\d.]+\n2 +[\d.]+\nmethod robust, 500 rows; written to /,
    );
    expect(stderr).to.match(/equals onnxruntime on \d+ sample observations/);
    expect(await succeed([...line, '--quiet'])).to.include({ stdout: '', stderr: '' });
  });

  it('makes no use of --calibration for model, and says so', async () => {
    const { stderr } = await succeed([
      'convert',
      dqn,
      '--method',
      'model',
      '--calibration',
      'absent.npz',
      '-o',
      work.path('m.npz'),
    ]);
    expect(stderr).to.include("note: method 'model' makes no use of --calibration");
  });
});
