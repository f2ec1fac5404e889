import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { readNpzFile, toFloat32 } from '../../ts/formats/npz/index.js';
import { repositoryRoot } from '../scripts/repository.js';
import { deviationOf } from './deviation.js';
import { ImportedNet } from './imported-net.js';
import { SkipList } from './skip-list.js';

interface Export {
  readonly name: string;
  /** The library and its exporter. */
  readonly source: string;
}

const oracle = path.join(repositoryRoot, 'test', 'oracle');
const folder = path.join(oracle, 'onnx-exports');
const largestFile = 200_000;
const tolerance = 1e-5;

const skips = SkipList.read('exported-skips.json');

for (const library of ['torch', 'sb3', 'keras']) {
  const listing = readFileSync(path.join(oracle, `onnx-exports.${library}.json`), 'utf8');
  const { cases } = JSON.parse(listing) as { cases: Export[] };

  describe(`networks exported by ${library}`, () => {
    for (const test of cases) {
      const refused = skips.listing(test.name).length > 0;
      const expectation = refused ? 'is refused' : 'computes what its framework does';
      it(`${test.name} (${test.source}) ${expectation}`, () => {
        return refused ? checkRefusal(test) : checkAnswers(test);
      });
    }
  });
}

async function checkAnswers({ name }: Export): Promise<void> {
  const net = await ImportedNet.load(path.join(folder, `${name}.onnx`));
  expect(net.check).to.include({ status: 'verified' });
  const file = readNpzFile(path.join(folder, `${name}.npz`));
  const input = file.get('input');
  const answers = await net.answer(toFloat32(input).data, input.shape[0]!);
  const output = toFloat32(file.get('output')).data;
  expect(deviationOf(answers, [output])).to.be.at.most(tolerance);
}

async function checkRefusal({ name }: Export): Promise<void> {
  try {
    await ImportedNet.load(path.join(folder, `${name}.onnx`));
  } catch (error) {
    expect(error).to.be.instanceOf(SpiqError).with.property('code', 'E_UNSUPPORTED');
    expect(skips.complaint(name, (error as SpiqError).message)).to.equal(undefined);
    return;
  }
  expect.fail(`${name} was imported`);
}

describe('the exported files', () => {
  it('are small, and name no folder of the machine that they were made on', () => {
    const files = readdirSync(folder).filter((file) => !file.endsWith('.npz'));
    expect(files.length).to.be.at.least(30);
    for (const file of files) {
      expect(statSync(path.join(folder, file)).size, file).to.be.at.most(largestFile);
      const text = readFileSync(path.join(folder, file), 'latin1');
      expect(/site-packages|\/(?:home|tmp|root|opt|usr)\//.exec(text), file).to.equal(null);
    }
  });
});
