import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readNpzFile, toFloat32 } from '../../ts/formats/npz/index.js';
import { importScript, repositoryRoot } from '../scripts/repository.js';

export type Group = 'pytorch-converted' | 'pytorch-operator' | 'node' | 'light';

/** An entry that scripts/onnx_cases.py lists. */
export interface OnnxCase {
  readonly group: Group;
  readonly name: string;
  readonly opset: number;
  readonly operators: readonly string[];
  /** Why the case has no files. */
  readonly unfit?: string;
  /** For opsets that onnxruntime refuses: what the reference evaluator says of the expected output. */
  readonly reference?: string;
}

export interface CaseData {
  readonly rows: number;
  readonly input: Float32Array;
  readonly outputs: readonly Float32Array[];
}

interface Maker {
  readonly ensureOnnxCases: (root: string) => Promise<string>;
}

export class OnnxCases {
  readonly folder: string;
  readonly all: readonly OnnxCase[];

  private constructor(folder: string) {
    this.folder = folder;
    const listing = readFileSync(path.join(folder, 'cases.json'), 'utf8');
    this.all = (JSON.parse(listing) as { cases: OnnxCase[] }).cases;
  }

  /** Makes the files first where they are missing or out of date. */
  static async make(): Promise<OnnxCases> {
    const { ensureOnnxCases } = await importScript<Maker>('lib/onnx-cases.mjs');
    return new OnnxCases(await ensureOnnxCases(repositoryRoot));
  }

  of(group: Group): OnnxCase[] {
    return this.all.filter((test) => test.group === group);
  }

  modelPath({ group, name }: OnnxCase): string {
    return path.join(this.folder, group, `${name}.onnx`);
  }

  data({ group, name }: OnnxCase): CaseData {
    const file = readNpzFile(path.join(this.folder, group, `${name}.npz`));
    const { shape } = file.get('input');
    const outputs = file.keys
      .filter((key) => key.startsWith('output'))
      .map((key) => toFloat32(file.get(key)).data);
    return { rows: shape[0] ?? 1, input: toFloat32(file.get('input')).data, outputs };
  }
}
