import { race } from '../race.js';
import type { Contender, RaceOptions } from '../race.js';
import { rates, spreadOf } from '../statistics.js';
import type { Spread } from '../statistics.js';
import type { Outcome } from './outcome.js';
import type { Peer } from './peer.js';
import type { PythonPeer } from './python-peer.js';
import type { TrialAbout } from './trial.js';

/** How a trial is run. */
export interface TrialSetting {
  readonly python: string | undefined;
  readonly withPeers: boolean;
  readonly options: RaceOptions;
  /** For files that both sides read. */
  readonly folder: string;
}

export interface PeerRace {
  readonly trial: TrialAbout;
  readonly unit: string;
  /** Results of one call. */
  readonly each: number;
  /** Named `spiq`. */
  readonly ours: Contender;
  readonly peers: readonly Peer[];
  /** Without whose agreement nothing is timed. */
  readonly reference: string;
  readonly start: (peer: Peer, python: string) => PythonPeer;
  /** Throws where a peer that must agree does not. */
  readonly verify: (peer: Peer, process: PythonPeer) => Promise<void>;
}

/** Starts and verifies the peers, lets all take turns, and says what each reached. */
export async function racePeers(
  { trial, unit, each, ours, peers, reference, start, verify }: PeerRace,
  { python, withPeers, options }: TrialSetting,
): Promise<Outcome> {
  const errors: Record<string, string> = {};
  const verified: string[] = [];
  const started: PythonPeer[] = [];
  try {
    if (withPeers) {
      if (python === undefined) throw new Error("the peers' Python is missing");
      for (const peer of peers) {
        const process = start(peer, python);
        started.push(process);
        try {
          await process.start();
          if (!peer.verified) continue;
          await verify(peer, process);
          verified.push(peer.name);
        } catch (error) {
          errors[peer.name] = (error as Error).message;
          process.end();
        }
      }
      if (!verified.includes(reference)) {
        throw new Error(`nothing to verify against: ${reference}: ${errors[reference]}`);
      }
    }
    const racing = started.filter(({ name }) => errors[name] === undefined);
    const { samples, failures } = await race([ours, ...racing], options);
    const spread = Object.fromEntries(
      [...samples].map(([name, s]) => [name, rates(spreadOf(s), each)]),
    );
    if (spread.spiq === undefined) throw new Error(failures.get('spiq'));
    return {
      name: trial.name,
      unit,
      ...compare(spread, peers),
      target: trial.target,
      besideTargets: trial.besideTargets ?? {},
      spread,
      versions: Object.fromEntries(racing.map(({ name, version }) => [name, version])),
      verified,
      errors: { ...errors, ...Object.fromEntries(failures) },
      activity: [],
      work: null,
    };
  } finally {
    started.forEach((peer) => peer.end());
  }
}

function compare(spread: Readonly<Record<string, Spread>>, peers: readonly Peer[]) {
  const rateOf = (counted: boolean): Record<string, number> =>
    Object.fromEntries(
      peers
        .filter((peer) => peer.counted === counted && spread[peer.name] !== undefined)
        .map(({ name }) => [name, spread[name]!.median]),
    );
  const spiq = spread.spiq!.median;
  const counted = rateOf(true);
  const best = Math.max(...Object.values(counted));
  return {
    spiq,
    peers: counted,
    beside: rateOf(false),
    ratio: Object.keys(counted).length === 0 ? null : spiq / best,
  };
}
