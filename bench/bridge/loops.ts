import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openBridge, type Bridge } from '../../ts/bridge/index.js';
import { Simulator } from '../../ts/simulator.js';
import { workerPath } from '../../ts/wire/python.js';
import { PythonPeer } from '../compare/python-peer.js';
import { race, type RaceOptions } from '../race.js';
import { peersFolder } from '../simulate/problem.js';
import { rates, spreadOf, type Spread } from '../statistics.js';
import { bulkCalls, singleCalls, type Side } from './calls.js';
import { writeFor } from './problem.js';
import { steps, type Subject } from './subject.js';

export type LoopKind = 'one' | 'many';

export interface LoopOutcome {
  readonly kind: LoopKind;
  readonly who: string;
  /** Observations a second. */
  readonly rate: Spread;
}

const ownPeers = fileURLToPath(new URL('../../../bench/bridge/peers/', import.meta.url));
/** That of the peers, who compare and take θ(1 − ε). */
const epsilon = 1e-9;
/** Observations that a Python peer gets in a call, and that every side is checked with. */
const peerRows: Readonly<Record<LoopKind, number>> = { one: 1, many: 256 };
const tolerance = 1e-6;

const peers = [
  { name: "Python, spiq's way to NEST", module: 'in_process' },
  { name: 'Python, NEST kept', module: 'nest_network' },
  { name: 'Python, NEST built each time', module: 'nest_rebuilt' },
] as const;

/** The same network in NEST through the bridge, with that many copies of it, and in Python alone, in turns. */
export async function raceLoop(
  kind: LoopKind,
  subject: Subject,
  copies: readonly number[],
  python: string,
  options: RaceOptions,
): Promise<LoopOutcome[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'spiq-bench-'));
  const file = path.join(folder, 'problem.npz');
  const { network } = subject;
  const checked = writeFor(file, subject, steps, peerRows[kind]);
  const simulator = new Simulator(network, { precision: 'float64', steps, epsilon });
  const wanted = simulator.runSync(checked).out;
  const bridges: Bridge[] = [];
  const started: PythonPeer[] = [];
  const sides: Side[] = [];
  try {
    for (const count of copies) {
      const backend = { backend: 'nest', python } as const;
      const bridge = await openBridge({ ...backend, network, steps, epsilon, copies: count });
      bridges.push(bridge);
      const name = `spiq, copies: ${count}`;
      agree(name, (await bridge.evaluate(checked)).out, wanted);
      sides.push(
        kind === 'one' ? singleCalls(name, bridge, subject) : bulkCalls(name, bridge, subject),
      );
    }
    for (const { name, module } of peers) {
      const paths = [ownPeers, workerPath];
      const peer = new PythonPeer(name, python, {
        folder: peersFolder,
        module,
        file,
        threads: 1,
        paths,
      });
      started.push(peer);
      await peer.start();
      agree(name, await peer.outputs(), wanted);
      sides.push({ contender: peer, each: peerRows[kind] });
    }
    const { samples, failures } = await race(
      sides.map(({ contender }) => contender),
      options,
    );
    for (const [who, reason] of failures) throw new Error(`${who}: ${reason}`);
    return sides.map(({ contender: { name }, each }) => ({
      kind,
      who: name,
      rate: rates(spreadOf(samples.get(name)!), each),
    }));
  } finally {
    started.forEach((peer) => peer.end());
    for (const bridge of bridges) await bridge.close();
    simulator.close();
    rmSync(folder, { recursive: true });
  }
}

function agree(who: string, found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  if (found.length !== wanted.length) {
    throw new Error(`${who}: expected ${wanted.length} outputs, received ${found.length}`);
  }
  for (let k = 0; k < wanted.length; k += 1) {
    if (Math.abs(found[k]! - wanted[k]!) <= tolerance) continue;
    throw new Error(`${who}: expected ${wanted[k]!} as output ${k}, received ${found[k]!}`);
  }
}
