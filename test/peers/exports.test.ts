import { performance } from 'node:perf_hooks';
import { expect } from 'chai';
import { deviationOf } from '../third-party/deviation.js';
import { ImportedNet } from '../third-party/imported-net.js';
import { ExportedNets } from './exported-nets.js';
import { note } from './notes.js';
import type { Variable } from './python.js';

interface Source {
  readonly library: string;
  readonly script: string;
  readonly variable: Variable;
  readonly nets: readonly string[];
}

const exporters = ['torchscript', 'dynamo'];
const vision = ['resnet18', 'mobilenet_v2', 'squeezenet1_1', 'googlenet'];

const sources: readonly Source[] = [
  {
    library: 'torchvision',
    script: 'export_nets.py',
    variable: 'SPIQ_PEERS_PYTHON',
    nets: vision.flatMap((net) => exporters.map((exporter) => `${net}-${exporter}`)),
  },
  {
    library: 'Stable-Baselines3',
    script: 'export_nets.py',
    variable: 'SPIQ_PEERS_PYTHON',
    nets: ['sb3-mlp-q-torchscript', 'sb3-mlp-policy-torchscript', 'sb3-cnn-q-torchscript'],
  },
  {
    library: 'Keras',
    script: 'export_keras.py',
    variable: 'SPIQ_KERAS_PYTHON',
    nets: [
      'keras-classifier',
      'keras-dqn',
      'keras-mlp',
      'keras-depthwise',
      'keras-pooled',
      'keras-mobilenet_v2',
    ],
  },
];

const tolerance = 1e-4;

for (const { library, script, variable, nets } of sources) {
  describe(`networks of ${library} at full size`, () => {
    const exported = new ExportedNets();

    before(() => {
      exported.make(script, nets, variable);
    });

    after(() => exported.remove());

    for (const name of nets) {
      it(`${name} imports and computes what its framework does`, async () => {
        const start = performance.now();
        const net = await ImportedNet.load(exported.modelPath(name));
        const milliseconds = Math.round(performance.now() - start);
        expect(net.check).to.include({ status: 'verified' });

        const { data: input, rows } = exported.array(name, 'input');
        const answers = await net.answer(input, rows);
        const deviation = deviationOf(answers, [exported.array(name, 'output').data]);
        note(name, {
          nodes: net.graph.nodes.length,
          importMilliseconds: milliseconds,
          deviationFromOnnxruntime: net.check.largestDeviation,
          deviationFromFramework: deviation,
        });
        expect(deviation).to.be.at.most(tolerance);
      });
    }
  });
}
