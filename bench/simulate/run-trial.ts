import path from 'node:path';
import type { Outcome } from '../compare/outcome.js';
import { PythonPeer } from '../compare/python-peer.js';
import { racePeers } from '../compare/race-peers.js';
import type { TrialSetting } from '../compare/race-peers.js';
import { checkActivity } from './activity.js';
import { OurSide } from './our-side.js';
import { peers, referencePeer } from './peers.js';
import { makeProblem, peersFolder, writeProblem } from './problem.js';
import { nets } from './nets.js';
import type { Trial } from './trials.js';
import { verifyOutputs, verifySpikes } from './verify.js';

export const unit = 'observations/s';

export async function runTrial(trial: Trial, setting: TrialSetting): Promise<Outcome> {
  const { folder, python } = setting;
  const problem = makeProblem(trial, folder, python);
  const ours = new OurSide(trial, problem);
  const outputs = ours.outputs();
  const { counts, activity, units, work } = ours.measure();
  if (trial.activity !== undefined) checkActivity(activity, units, trial.activity);
  const file = path.join(folder, 'problem.npz');
  if (setting.withPeers) writeProblem(file, trial, problem);
  const outcome = await racePeers(
    {
      trial,
      unit,
      each: trial.batch,
      ours: ours.contender(),
      peers: peersFor(trial),
      reference: referencePeer,
      start: ({ name, module }, using) =>
        new PythonPeer(name, using, { folder: peersFolder, module, file, threads: trial.threads }),
      verify: async ({ name }, peer) => {
        verifyOutputs(outputs, await peer.outputs(), ours.rows, name, ours.agreement);
        if (name !== referencePeer) return;
        const spikes = await peer.saved(path.join(folder, 'spikes.npz'));
        const theirs = spikes.keys.map((key) => spikes.get(key).data as Int32Array);
        verifySpikes(counts, theirs, name);
      },
    },
    setting,
  );
  return { ...outcome, activity, work };
}

function peersFor(trial: Trial) {
  const dense = nets[trial.net].layers.every(({ kind }) => kind === 'dense');
  return peers.filter(({ denseOnly }) => dense || !denseOnly);
}
