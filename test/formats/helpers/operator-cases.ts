import { expect } from 'chai';
import { importOnnxBytes } from '../../../ts/formats/onnx/index.js';
import { referenceForward as forward } from './forward.js';
import { buildModel, value } from './model.js';
import type { ModelParts } from './model.js';

export interface OperatorCase extends Omit<ModelParts, 'inputs' | 'outputs'> {
  /** Sizes of one observation. */
  readonly shape: readonly number[];
  /** Of the nodes behind the input, in their order. */
  readonly kinds: string;
}

/** Imports each model, expects its nodes, and lets onnxruntime and the reference judge every layer. */
export function importCases(cases: Readonly<Record<string, OperatorCase>>): void {
  for (const [title, { shape, kinds, ...parts }] of Object.entries(cases)) {
    it(title, async () => {
      const model = buildModel({ ...parts, inputs: [value('x', ['n', ...shape])] });
      const { graph, check } = await importOnnxBytes(model, {
        forward,
        rows: 8,
        checkLayers: true,
      });
      expect(check.status, check.reason).to.equal('verified');
      expect(check.reason).to.equal(undefined);
      expect(check.perLayer?.every(({ within }) => within)).to.equal(true);
      const [, ...nodes] = graph.nodes;
      expect(nodes.map(({ kind }) => kind).join(' ')).to.equal(kinds);
    });
  }
}
