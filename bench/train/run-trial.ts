import path from 'node:path';
import type { Outcome } from '../compare/outcome.js';
import { PythonPeer } from '../compare/python-peer.js';
import { racePeers } from '../compare/race-peers.js';
import type { PeerRace, TrialSetting } from '../compare/race-peers.js';
import { OurSide } from './our-side.js';
import { peers, referenceOf } from './peers.js';
import { makeProblem, peersFolder, writeLoop, writeProblem } from './problem.js';
import { unitOf } from './trials.js';
import type { DqnTrial, LoopTrial, SurrogateTrial, TrainTrial } from './trials.js';
import { agreementOf, verifyLosses } from './verify.js';

/** Loops are sampled for longer: an episode may end in a sample or not. */
const loopSample = 0.5;
/** Where a single call of a peer takes seconds. */
const fewRounds = 7;

export async function runTrial(trial: TrainTrial, setting: TrialSetting): Promise<Outcome> {
  const file = path.join(setting.folder, 'problem');
  const parts = trial.kind === 'loop' ? await loopParts(trial, file) : updateParts(trial, file);
  const { options } = setting;
  const sample = trial.kind === 'loop' ? loopSample : options.sample;
  const rounds = trial.kind === 'surrogate' && trial.net === 'nature' ? fewRounds : options.rounds;
  return racePeers(
    {
      trial,
      unit: unitOf(trial),
      each: 1,
      peers: peers.filter(({ kind }) => kind === trial.kind),
      reference: referenceOf[trial.kind],
      start: ({ name, module }, python) => {
        const { threads } = trial;
        return new PythonPeer(name, python, { folder: peersFolder, module, file, threads });
      },
      ...parts,
    },
    {
      ...setting,
      options: {
        ...options,
        sample: Math.max(sample, options.sample),
        rounds: Math.min(rounds, options.rounds),
      },
    },
  );
}

type Parts = Pick<PeerRace, 'ours' | 'verify'>;

function updateParts(trial: SurrogateTrial | DqnTrial, file: string): Parts {
  const problem = makeProblem(trial);
  writeProblem(file, trial, problem);
  const ours = new OurSide(trial, problem);
  const losses = ours.losses();
  return {
    ours: ours.contender(),
    verify: async ({ name }, peer) => {
      verifyLosses(losses, await peer.outputs(), name, agreementOf(trial));
    },
  };
}

async function loopParts(trial: LoopTrial, file: string): Promise<Parts> {
  writeLoop(file, trial);
  const { loopContender, workOf } = await import('./loop.js');
  const work = await workOf(trial);
  return {
    ours: await loopContender(trial),
    verify: async ({ name }, peer) => {
      const theirs = await peer.outputs();
      if (String(theirs) === String(work)) return;
      throw new Error(
        `steps, updates and weights ${String(work)} are not the ${String(theirs)} of ${name}`,
      );
    },
  };
}
