import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNpzFile, toFloat32 } from '../../ts/formats/npz/index.js';
import { askPeer } from './python.js';
import type { Variable } from './python.js';

/** Networks that the peers' Python exports into a folder of its own. */
export class ExportedNets {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'spiq-exports-'));

  /** Returns the seconds that each export took. */
  make(script: string, names: readonly string[], variable?: Variable): Record<string, number> {
    const request = { folder: this.#folder, names };
    return askPeer(script, request, variable) as Record<string, number>;
  }

  modelPath(name: string): string {
    return path.join(this.#folder, `${name}.onnx`);
  }

  /** What the framework was asked and answered, or more that was stored beside it. */
  array(name: string, key: string): { rows: number; data: Float32Array } {
    const array = readNpzFile(path.join(this.#folder, `${name}.npz`)).get(key);
    return { rows: array.shape[0]!, data: toFloat32(array).data };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
