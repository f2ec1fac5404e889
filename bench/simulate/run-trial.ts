import path from 'node:path';
import { race } from '../race.js';
import type { RaceOptions } from '../race.js';
import { rates, spreadOf } from '../statistics.js';
import type { Spread } from '../statistics.js';
import { checkActivity } from './activity.js';
import { OurSide } from './our-side.js';
import type { Outcome } from './outcome.js';
import { peers as allPeers, referencePeer } from './peers.js';
import { makeProblem, writeProblem } from './problem.js';
import { PythonPeer } from './python-peer.js';
import { nets } from './nets.js';
import type { Trial } from './trials.js';
import { verifyOutputs, verifySpikes } from './verify.js';

export interface TrialSetting {
  readonly python: string | undefined;
  readonly withPeers: boolean;
  readonly options: RaceOptions;
  /** For files that both sides read. */
  readonly folder: string;
}

const unit = 'observations/s';

export async function runTrial(trial: Trial, setting: TrialSetting): Promise<Outcome> {
  const { folder, python, options } = setting;
  const problem = makeProblem(trial, folder, python);
  const ours = new OurSide(trial, problem);
  const outputs = ours.outputs();
  const { counts, activity, units, work } = ours.measure();
  if (trial.activity !== undefined) checkActivity(activity, units, trial.activity);
  const errors: Record<string, string> = {};
  const verified: string[] = [];
  const started: PythonPeer[] = [];
  try {
    if (setting.withPeers) {
      if (python === undefined) throw new Error("the peers' Python is missing");
      const file = path.join(folder, 'problem.npz');
      writeProblem(file, trial, problem);
      for (const { name, module, verified: mustAgree } of peersFor(trial)) {
        const peer = new PythonPeer(name, python, module, file, trial.threads);
        started.push(peer);
        try {
          await peer.start();
          if (!mustAgree) continue;
          verifyOutputs(outputs, await peer.outputs(), ours.rows, name, ours.agreement);
          if (name === referencePeer) verifySpikes(counts, await peer.spikes(folder), name);
          verified.push(name);
        } catch (error) {
          errors[name] = (error as Error).message;
          peer.end();
        }
      }
      if (!verified.includes(referencePeer)) {
        throw new Error(`nothing to verify against: ${referencePeer}: ${errors[referencePeer]}`);
      }
    }
    const racing = started.filter(({ name }) => errors[name] === undefined);
    const { samples, failures } = await race([ours.contender(), ...racing], options);
    const spread = Object.fromEntries(
      [...samples].map(([name, s]) => [name, rates(spreadOf(s), trial.batch)]),
    );
    if (spread.spiq === undefined) throw new Error(failures.get('spiq'));
    return {
      name: trial.name,
      unit,
      ...compare(spread),
      target: trial.target,
      besideTargets: trial.besideTargets ?? {},
      spread,
      versions: Object.fromEntries(racing.map(({ name, version }) => [name, version])),
      verified,
      errors: { ...errors, ...Object.fromEntries(failures) },
      activity,
      work,
    };
  } finally {
    started.forEach((peer) => peer.end());
  }
}

function peersFor(trial: Trial) {
  const dense = nets[trial.net].layers.every(({ kind }) => kind === 'dense');
  return allPeers.filter(({ denseOnly }) => dense || !denseOnly);
}

function compare(spread: Readonly<Record<string, Spread>>) {
  const rateOf = (counted: boolean): Record<string, number> =>
    Object.fromEntries(
      allPeers
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
