import type { Graph } from '../../ts/graph.js';
import { shapesOf } from '../../ts/formats/graph-structure.js';
import { importOnnx } from '../../ts/formats/onnx/index.js';
import type { ImportedOnnx, OracleCheck } from '../../ts/formats/onnx/index.js';
import { elementsOf } from '../../ts/formats/sizes.js';
import { applyStep } from './tail.js';
import { forwardAny } from './weightless.js';

/** An ONNX file as imported, and what comes of its network and the operators behind it. */
export class ImportedNet {
  readonly graph: Graph;
  readonly check: OracleCheck;
  readonly #imported: ImportedOnnx;

  private constructor(imported: ImportedOnnx) {
    this.#imported = imported;
    this.graph = imported.floatGraph;
    this.check = imported.check;
  }

  static async load(file: string): Promise<ImportedNet> {
    return new ImportedNet(await importOnnx(file, { forward: forwardAny }));
  }

  /** For each output of the file [rows, …]. */
  async answer(input: Float32Array, rows: number): Promise<Float32Array[]> {
    const { floatGraph, outputNames, tail } = this.#imported;
    const answers = await forwardAny(floatGraph, input, rows);
    const shapes = shapesOf(floatGraph, 'imported graph');
    const width = answers.length / rows;
    let offset = 0;
    return floatGraph.outputs.map((node, index) => {
      const shape = shapes.get(node)!;
      const size = elementsOf(shape);
      const data = new Float32Array(rows * size);
      for (let row = 0; row < rows; row += 1) {
        const start = row * width + offset;
        data.set(answers.subarray(start, start + size), row * size);
      }
      offset += size;
      const steps = tail.filter(({ output }) => output === outputNames[index]);
      return steps.reduce(applyStep, { shape: [rows, ...shape], data }).data;
    });
  }
}
