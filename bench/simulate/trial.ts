/** Runs one trial in a process of its own: `node trial.js NAME`. Prints one JSON object. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { encodeNetwork } from '../../ts/formats/spiq-npz.js';
import { writeNpz } from '../../ts/formats/npz/index.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { makeProblem } from './problem.js';
import { time } from './timing.js';
import type { Timing } from './timing.js';
import { trials } from './trials.js';

const torchLoop = fileURLToPath(new URL('../../../bench/simulate/torch_loop.py', import.meta.url));

interface PeerAnswer {
  readonly name: string;
  readonly version: string;
  readonly out: readonly number[];
  readonly timing: Timing;
}

const trial = trials.find(({ name }) => name === process.argv[2]);
if (trial === undefined) throw new Error(`no trial ${process.argv[2] ?? ''}`);

const { graph, observations } = makeProblem(trial);
const network = Network.fromGraph(graph);
const { steps, threads, batch } = trial;
// ε = 0: the peer knows no such thing.
const simulator = new Simulator(network, { steps, threads, epsilon: 0 });
const truth = new Simulator(network, { steps, threads, epsilon: 0, precision: 'float64' });
const { out } = simulator.runSync(observations);

verify(out, truth.runSync(observations).out, 'the float64 run of spiq');
const peers = process.env.SPIQ_BENCH_PYTHON === undefined ? [] : [askTorch()];
for (const peer of peers) verify(out, peer.out, peer.name);
const spiq = time(() => simulator.runSync(observations));
const rate = (timing: Timing): number => batch / timing.median;
process.stdout.write(
  JSON.stringify({
    name: trial.name,
    unit: 'observations/s',
    spiq: rate(spiq),
    spread: { spiq: [batch / spiq.slowest, batch / spiq.fastest] },
    peers: Object.fromEntries(peers.map(({ name, timing }) => [name, rate(timing)])),
    versions: Object.fromEntries(peers.map(({ name, version }) => [name, version])),
    ratio: peers.length === 0 ? null : rate(spiq) / Math.max(...peers.map((p) => rate(p.timing))),
  }),
);

/**
 * Results must be the same network's before anybody's time counts. A spike on a near-tie may fall either way in
 * another order of sums, which moves an output by a weight: nine rows in ten must agree to rounding.
 */
function verify(ours: ArrayLike<number>, theirs: ArrayLike<number>, who: string): void {
  const width = ours.length / batch;
  let wrong = 0;
  for (let row = 0; row < batch; row += 1) {
    const off = Array.from({ length: width }, (_, i) => row * width + i).some(
      (i) => !(Math.abs(ours[i]! - theirs[i]!) <= 1e-3 * (1 + Math.abs(theirs[i]!))),
    );
    if (off) wrong += 1;
  }
  if (ours.length !== theirs.length || wrong > batch / 10) {
    throw new Error(`${wrong} of ${batch} rows differ from ${who}`);
  }
}

function askTorch(): PeerAnswer {
  const folder = mkdtempSync(path.join(tmpdir(), 'spiq-bench-'));
  try {
    const [net, obs] = [path.join(folder, 'net.npz'), path.join(folder, 'obs.npz')];
    writeFileSync(net, encodeNetwork(graph));
    const shape = [batch, observations.length / batch];
    writeFileSync(obs, writeNpz({ obs: { shape, dtype: 'f4', data: observations } }));
    const args = [torchLoop, net, obs, String(steps), String(threads)];
    const text = execFileSync(process.env.SPIQ_BENCH_PYTHON!, args, { encoding: 'utf8' });
    return JSON.parse(text) as PeerAnswer;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
