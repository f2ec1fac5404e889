/** Robust normalisation against the published row by row loop: `node robust.js FIXTURES [--quick]`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { convert } from '../../ts/convert/index.js';
import { writeNpy, writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import { spreadOf } from '../statistics.js';
import { loadCase } from './cases.js';

export interface RobustOutcome {
  readonly rows: number;
  readonly spiqSeconds: number;
  readonly peerSeconds: number;
  readonly torch: string;
  readonly ratio: number;
}

interface PeerAnswer {
  readonly seconds: number;
  readonly percentiles: readonly number[];
  readonly torch: string;
}

const percentile = 0.99;
/** Of both sides. */
const threads = 2;
const script = fileURLToPath(
  new URL('../../../bench/conversion/peers/row_by_row.py', import.meta.url),
);
const [fixtures = ''] = process.argv.slice(2);
const python = process.env.SPIQ_BENCH_PYTHON;
if (python === undefined) throw new Error('SPIQ_BENCH_PYTHON names no Python with torch');
const quick = process.argv.includes('--quick');
const most = quick ? 500 : 20_000;

const { network, rows } = await loadCase(fixtures, 'cartpole_a_dqn');
const width = network.inputSize;
const dense = network.graph.nodes.filter((node) => node.kind === 'dense');
const folder = mkdtempSync(path.join(tmpdir(), 'spiq-bench-'));
try {
  const weights = new Map<string, NpyArray>();
  dense.forEach(({ weight, bias }, index) => {
    weights.set(`w${index}`, { ...weight, dtype: 'f4' });
    weights.set(`b${index}`, { ...bias!, dtype: 'f4' });
  });
  const [weightsFile, rowsFile] = ['weights.npz', 'rows.npy'].map((name) =>
    path.join(folder, name),
  );
  const recorded: NpyArray = { shape: [rows.length / width, width], dtype: 'f8', data: rows };
  writeFileSync(weightsFile!, writeNpz(weights));
  writeFileSync(rowsFile!, writeNpy(recorded, 'rows'));
  const given = [
    script,
    weightsFile!,
    rowsFile!,
    String(percentile),
    String(most),
    String(threads),
  ];
  const peerTimes: number[] = [];
  const ourTimes: number[] = [];
  let answer: PeerAnswer | undefined;
  let scale: readonly number[] = [];
  for (let round = 0; round < (quick ? 1 : 3); round += 1) {
    answer = JSON.parse(execFileSync(python, given, { encoding: 'utf8' })) as PeerAnswer;
    peerTimes.push(answer.seconds);
    for (let i = 0; i < 5; i += 1) {
      const begin = performance.now();
      const options = { method: 'robust', percentile, calibration: rows } as const;
      const spiking = await convert(network, { ...options, calibrationRows: most, threads });
      ourTimes.push((performance.now() - begin) / 1000);
      scale = spiking.graph.conversion!.scale;
    }
  }
  // Both, where no weight or bias is larger, are the layers' scales.
  answer!.percentiles.forEach((theirs, layer) => {
    const { weight, bias } = dense[layer]!;
    const floor = Math.max(...weight.data, ...bias!.data);
    const expected = Math.max(theirs, floor);
    if (Math.abs(scale[layer]! - expected) <= 1e-5 * expected) return;
    throw new Error(`layer ${layer}: scale ${scale[layer]!} where the peer has ${expected}`);
  });
  const [spiqSeconds, peerSeconds] = [spreadOf(ourTimes).median, spreadOf(peerTimes).median];
  const outcome: RobustOutcome = {
    rows: Math.min(most, rows.length / width),
    spiqSeconds,
    peerSeconds,
    torch: answer!.torch,
    ratio: peerSeconds / spiqSeconds,
  };
  process.stdout.write(JSON.stringify(outcome));
} finally {
  rmSync(folder, { recursive: true });
}
