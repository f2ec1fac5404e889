import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Random } from '../../ts/env/random.js';
import { openBridge, type OpenBridgeOptions } from '../../ts/bridge/open.js';
import type { Bridge } from '../../ts/bridge/bridge.js';
import type { Graph } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { repositoryRoot } from '../scripts/repository.js';
import { gymPython } from '../support/python.js';

/** What a fake worker does wrong, as SPIQ_FAKE_FAULT tells it. */
export interface Fault {
  readonly on: string;
  readonly what: string;
  /** Only the first time, whichever process it is. */
  readonly once?: boolean;
}

export interface FakeSuite {
  /** A program that stands for Python and runs test/bridge/fake_worker.py. */
  readonly python: string;
  readonly folder: string;
  /** What workers have in the temporary folder. */
  left(): string[];
  /** Opens a bridge whose workers have this fault. */
  open(fault: Fault | undefined, options?: Partial<OpenBridgeOptions>): Promise<Bridge>;
  /** Does `work` while workers that are started have this fault. */
  withFault<T>(fault: Fault | undefined, work: () => Promise<T>): Promise<T>;
}

/** A folder for everything that workers make, and a Python that runs the fake one. */
export function fakeSuite(): FakeSuite {
  let [python, folder, marks] = ['', '', 0];
  let before_: string | undefined;
  before(async function () {
    this.timeout(300_000);
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-test-'));
    before_ = process.env.TMPDIR;
    process.env.TMPDIR = folder;
    python = path.join(folder, 'fake.sh');
    const script = path.join(repositoryRoot, 'test', 'bridge', 'fake_worker.py');
    writeFileSync(python, `#!/bin/sh\nexec '${await gymPython()}' '${script}' "$@"\n`);
    chmodSync(python, 0o700);
  });
  after(() => {
    if (before_ === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before_;
    rmSync(folder, { recursive: true });
  });
  const withFault: FakeSuite['withFault'] = async (fault, work) => {
    const { once, ...told } = fault ?? { on: '', what: '' };
    const mark = once === true ? { once: path.join(folder, `mark-${(marks += 1)}`) } : {};
    process.env.SPIQ_FAKE_FAULT = JSON.stringify({ ...told, ...mark });
    try {
      return await work();
    } finally {
      delete process.env.SPIQ_FAKE_FAULT;
    }
  };
  return {
    get python() {
      return python;
    },
    get folder() {
      return folder;
    },
    left: () => readdirSync(folder).filter((name) => name.startsWith('spiq-worker-')),
    withFault,
    open: async (fault, options = {}) =>
      withFault(fault, async () =>
        openBridge({
          network: smallNetwork(),
          steps: 20,
          backend: 'reference',
          python,
          ...options,
        }),
      ),
  };
}

/** Fully connected layers of seeded weights, with neurons between. */
export function denseGraph(units: readonly number[], seed = 1, gain = 1): Graph {
  const random = new Random(seed);
  const tensor = (
    shape: readonly number[],
    scale: number,
  ): { shape: readonly number[]; data: Float32Array } => {
    const length = shape.reduce((product, size) => product * size, 1);
    return { shape, data: Float32Array.from({ length }, () => random.uniform(-scale, scale)) };
  };
  const nodes: Graph['nodes'][number][] = [{ kind: 'input', name: 'x', shape: [units[0]!] }];
  units.slice(1).forEach((count, k) => {
    const fanIn = units[k]!;
    const weight = tensor([count, fanIn], (2 * gain) / Math.sqrt(fanIn));
    nodes.push({ kind: 'dense', name: `w${k}`, weight, bias: tensor([count], 0.2) });
    const last = k === units.length - 2;
    nodes.push(last ? { kind: 'accumulator', name: 'out' } : { kind: 'neuron', name: `n${k}` });
  });
  const edges = nodes.slice(1).map(({ name }, k): [string, string] => [nodes[k]!.name, name]);
  return { nodes, edges, outputs: [nodes.at(-1)!.name], epsilon: 1e-9 };
}

export function smallNetwork(): Network {
  return Network.fromGraph(denseGraph([3, 6, 5, 2]));
}

export function randomRows(rows: number, width: number, seed = 7): Float64Array {
  const random = new Random(seed);
  return Float64Array.from({ length: rows * width }, () => random.uniform(-1, 1));
}
