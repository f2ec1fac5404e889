import { performance } from 'node:perf_hooks';
import { expect } from 'chai';
import { Network } from '../../ts/network.js';
import { deviationOf } from '../third-party/deviation.js';
import { finish } from '../third-party/finish.js';
import { ExportedNets } from './exported-nets.js';
import { note } from './notes.js';
import type { Variable } from './python.js';

interface Source {
  readonly library: string;
  readonly script: string;
  readonly variable: Variable;
  /** Each with the operator that ends the file, where the import leaves it out. */
  readonly nets: Readonly<Record<string, 'ArgMax' | 'Softmax' | undefined>>;
}

const exporters = ['torchscript', 'dynamo'];
const vision = ['resnet18', 'mobilenet_v2', 'squeezenet1_1', 'googlenet'];

const sources: readonly Source[] = [
  {
    library: 'torchvision',
    script: 'export_nets.py',
    variable: 'SPIQ_PEERS_PYTHON',
    nets: Object.fromEntries(
      vision.flatMap((net) => exporters.map((exporter) => [`${net}-${exporter}`, undefined])),
    ),
  },
  {
    library: 'Stable-Baselines3',
    script: 'export_nets.py',
    variable: 'SPIQ_PEERS_PYTHON',
    nets: {
      'sb3-mlp-q-torchscript': undefined,
      'sb3-mlp-policy-torchscript': 'ArgMax',
      'sb3-cnn-q-torchscript': undefined,
    },
  },
  {
    library: 'Keras',
    script: 'export_keras.py',
    variable: 'SPIQ_KERAS_PYTHON',
    nets: {
      'keras-classifier': 'Softmax',
      'keras-dqn': undefined,
      'keras-mlp': undefined,
      'keras-depthwise': undefined,
      'keras-mobilenet_v2': 'Softmax',
    },
  },
];

const tolerance = 1e-4;

for (const { library, script, variable, nets } of sources) {
  describe(`networks of ${library} at full size`, () => {
    const exported = new ExportedNets();

    before(() => {
      exported.make(script, Object.keys(nets), variable);
    });

    after(() => exported.remove());

    for (const [name, last] of Object.entries(nets)) {
      it(`${name} imports and computes what its framework does`, async () => {
        const start = performance.now();
        const network = await Network.load(exported.modelPath(name));
        const milliseconds = Math.round(performance.now() - start);
        const check = network.origin?.check;
        expect(check).to.include({ status: 'verified' });

        const { data: input, rows } = exported.array(name, 'input');
        const answers = await network.forward(input);
        const finished = finish(answers, network.outputSize, last ? { [last]: 1 } : {});
        const deviation = deviationOf(finished, [exported.array(name, 'output').data], rows);
        note(name, {
          nodes: network.graph.nodes.length,
          importMilliseconds: milliseconds,
          deviationFromOnnxruntime: check?.largestDeviation,
          deviationFromFramework: deviation,
        });
        expect(deviation).to.be.at.most(tolerance);
      });
    }
  });
}
