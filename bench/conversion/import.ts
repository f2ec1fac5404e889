/** Seconds of an import of a large ONNX file without the check against onnxruntime: `node import.js`. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { Random } from '../../ts/env/random.js';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { Network } from '../../ts/network.js';
import { onnxFile } from '../forward/onnx-file.js';
import { drawLayers } from '../simulate/network.js';
import { spreadOf } from '../statistics.js';

export interface ImportOutcome {
  readonly megabytes: number;
  readonly milliseconds: number;
}

/** 6400-1700-200-4: 45 MB of weights. */
const large = {
  input: [6400],
  layers: [1700, 200, 4].map((units) => ({ kind: 'dense' as const, units })),
};
const times = process.argv.includes('--quick') ? 1 : 7;

const folder = mkdtempSync(path.join(tmpdir(), 'spiq-bench-'));
try {
  const file = path.join(folder, 'large.onnx');
  const written = onnxFile(large.input, drawLayers(large, new Random(1)));
  writeFileSync(file, written);
  const taken: number[] = [];
  for (let i = 0; i < times; i += 1) {
    const begin = performance.now();
    const { graph } = parseOnnx(readFileSync(file), file);
    if (Network.fromGraph(graph).outputSize !== 4) throw new Error('another network came back');
    taken.push(performance.now() - begin);
  }
  const megabytes = written.length / 1e6;
  const outcome: ImportOutcome = { megabytes, milliseconds: spreadOf(taken).median };
  process.stdout.write(JSON.stringify(outcome));
} finally {
  rmSync(folder, { recursive: true });
}
