import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readNpzFile, writeNpy, writeNpz } from '../../ts/formats/npz/index.js';
import type { Npz, NpyArray } from '../../ts/formats/npz/index.js';
import { Random } from '../../ts/env/random.js';
import { dqn, observations, succeed } from './spiq.js';

/** A folder of the suite's own, gone afterwards. */
export class Workspace {
  #folder = '';

  /** To be called in a `describe`. */
  constructor() {
    before(() => {
      this.#folder = mkdtempSync(path.join(tmpdir(), 'spiq-cli-'));
    });
    after(() => {
      rmSync(this.#folder, { recursive: true });
    });
  }

  get folder(): string {
    return this.#folder;
  }

  path(name: string): string {
    return path.join(this.#folder, name);
  }

  read(name: string): Npz {
    return readNpzFile(this.path(name));
  }

  get names(): readonly string[] {
    return readdirSync(this.#folder).sort();
  }

  write(name: string, arrays: Readonly<Record<string, NpyArray>>): string {
    const file = this.path(name);
    writeFileSync(file, writeNpz(arrays));
    return file;
  }

  writeNpy(name: string, array: NpyArray): string {
    const file = this.path(name);
    writeFileSync(file, writeNpy(array, name));
    return file;
  }

  /** The example network, converted: `snn.npz`. */
  async convertExample(): Promise<string> {
    const file = this.path('snn.npz');
    await succeed(['convert', dqn, '--calibration', observations, '-o', file, '--quiet']);
    return file;
  }
}

export function f4(shape: readonly number[], values: readonly number[]): NpyArray {
  return { shape, dtype: 'f4', data: Float32Array.from(values) };
}

/** Bare weights w0 b0 w1 …, [out, in], of seeded numbers about ±1. */
export function bareWeights(units: readonly number[], seed = 1): Record<string, NpyArray> {
  const random = new Random(seed);
  const array = (shape: readonly number[]): NpyArray => {
    const length = shape.reduce((product, size) => product * size, 1);
    return { shape, dtype: 'f4', data: Float32Array.from({ length }, () => random.uniform(-1, 1)) };
  };
  return Object.fromEntries(
    units.slice(1).flatMap((outputs, layer) => [
      [`w${layer}`, array([outputs, units[layer]!])],
      [`b${layer}`, array([outputs])],
    ]),
  );
}

/** The same weights as rows of inputs: [in, out]. */
export function transposed(arrays: Readonly<Record<string, NpyArray>>): Record<string, NpyArray> {
  return Object.fromEntries(
    Object.entries(arrays).map(([key, array]) => {
      const [outputs, inputs] = array.shape;
      if (inputs === undefined) return [key, array];
      const values = Array.from({ length: inputs * outputs! }, (_, at) =>
        Number(array.data[(at % outputs!) * inputs + Math.floor(at / outputs!)]),
      );
      return [key, f4([inputs, outputs!], values)];
    }),
  );
}
