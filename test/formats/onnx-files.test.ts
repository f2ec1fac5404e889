import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { readNpzFile, toFloat32 } from '../../ts/formats/npz/index.js';
import { shapesOf } from '../../ts/formats/graph-structure.js';
import { importOnnx } from '../../ts/formats/onnx/index.js';
import { applyTail } from '../../ts/formats/onnx/tail.js';
import { referenceForward as forward } from './helpers/forward.js';

interface Listed {
  readonly name: string;
  readonly accepted: boolean;
  readonly note: string;
  /** Where onnxruntime cannot run it. */
  readonly unverified?: boolean;
}

/** Seen from dist/test/formats; `test/oracle/README.md` says how these files were made. */
const oracle = new URL('../../../test/oracle/', import.meta.url);
const fileOf = (name: string): string => fileURLToPath(new URL(`onnx/${name}`, oracle));
const listing = JSON.parse(readFileSync(new URL('onnx.json', oracle), 'utf8')) as {
  cases: Listed[];
};

describe('ONNX files by exporters', () => {
  it('are listed', () => {
    expect(listing.cases.filter(({ accepted }) => accepted).length).to.be.at.least(27);
    expect(listing.cases.filter(({ accepted }) => !accepted).length).to.be.at.least(8);
  });

  for (const { name, accepted, note, unverified = false } of listing.cases) {
    if (!accepted) {
      it(`refuses ${name} (${note})`, async () => {
        const error: unknown = await importOnnx(fileOf(`${name}.onnx`), { forward }).catch(
          (e: unknown) => e,
        );
        expect(error).to.be.instanceOf(SpiqError).with.property('code', 'E_UNSUPPORTED');
      });
      continue;
    }
    it(`imports ${name} (${note}) to the reference evaluator's numbers`, async () => {
      const { graph, check, tail } = await importOnnx(fileOf(`${name}.onnx`), { forward });
      expect(check.status, check.reason).to.equal(unverified ? 'unverified' : 'verified');
      const npz = readNpzFile(fileOf(`${name}.npz`));
      const { data: input } = toFloat32(npz.get('input'));
      const expected = toFloat32(npz.get('output')).data;
      const rows = npz.get('input').shape[0] ?? 0;
      const shape = shapesOf(graph, name).get(graph.outputs[0]!)!;
      const computed = applyTail(forward(graph, input, rows), shape, tail).data;
      expect(computed).to.have.length(expected.length).and.length.greaterThan(0);
      computed.forEach((value, index) => {
        const truth = expected[index]!;
        expect(value).to.be.closeTo(truth, 1e-5 + 1e-5 * Math.abs(truth));
      });
    });
  }
});
