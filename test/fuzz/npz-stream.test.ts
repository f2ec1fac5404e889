import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { SpiqError, isErrorCode } from '../../ts/errors.js';
import { readNpz, streamNpzRows, toFloat64, writeNpz } from '../../ts/formats/npz/index.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';
import { compressed, stored, streamed, versionTwo } from '../formats/helpers/numpy-files.js';

const mutationsOfEach = 400;

/** An archive without compression whose header may be damaged without its checksum telling. */
const own = writeNpz({
  x: { shape: [3, 2], dtype: 'f4', data: Float32Array.of(1, 2, 3, 4, 5, 6) },
});

const subjects: Record<string, { readonly file: Uint8Array; readonly key: string }> = {
  'stored arrays': { file: stored, key: 'w' },
  'compressed arrays': { file: compressed, key: 'long' },
  'streamed arrays': { file: streamed, key: 'x' },
  'one array': { file: versionTwo, key: 'arr_0' },
  'an own archive': { file: own, key: 'x' },
};

describe('damaged files whose rows are streamed', function () {
  this.timeout(60_000);
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'spiq-fuzz-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** The values, or none where they are refused with a code. */
  async function stream(bytes: Uint8Array, key: string, story: string) {
    const file = path.join(folder, 'fuzz.npz');
    writeFileSync(file, bytes);
    const values: number[] = [];
    try {
      for await (const piece of streamNpzRows(file, key)) values.push(...piece);
      return values;
    } catch (error) {
      if (!(error instanceof SpiqError))
        throw new Error(`${story}: not a SpiqError`, { cause: error });
      expect(isErrorCode(error.code) && error.code, story).to.not.equal('E_INTERNAL');
      return undefined;
    }
  }

  function readWhole(bytes: Uint8Array, key: string): number[] | undefined {
    try {
      return Array.from(toFloat64(readNpz(bytes, 'fuzz.npz').get(key)).data);
    } catch (error) {
      expect(error).to.be.instanceOf(SpiqError);
      return undefined;
    }
  }

  for (const [title, { file, key }] of Object.entries(subjects)) {
    it(`of ${title} give what reading them whole gives, or a code`, async () => {
      const truth = readWhole(file, key);
      expect(await stream(file, key, 'undamaged')).to.deep.equal(truth);
      const next = seededNumbers(title.length);
      let refused = 0;
      for (let index = 0; index < mutationsOfEach; index += 1) {
        const { bytes, story } = mutate(file, next);
        const values = await stream(bytes, key, `mutation ${index}: ${story}`);
        if (values === undefined) refused += 1;
        else expect(values, story).to.deep.equal(readWhole(bytes, key) ?? truth);
      }
      expect(refused).to.be.greaterThan(mutationsOfEach / 10);
    });
  }
});
