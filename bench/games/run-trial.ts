import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../compare/outcome.js';
import { PythonPeer } from '../compare/python-peer.js';
import { racePeers } from '../compare/race-peers.js';
import type { TrialSetting } from '../compare/race-peers.js';
import { Loop, countedSteps } from './loop.js';
import { peers, referenceOf } from './peers.js';
import { Steps } from './steps.js';
import { checkedSteps, unitOf } from './trials.js';
import type { GameTrial } from './trials.js';

const folder = fileURLToPath(new URL('../../../bench/games/peers/', import.meta.url));

/** Seconds: a step takes some tenths of a millisecond, and episodes of an agent some hundred. */
const samples = { step: 0.5, loop: 4 } as const;
/** Loops take long. */
const rounds = { step: 15, loop: 7 } as const;

export async function runTrial(trial: GameTrial, setting: TrialSetting): Promise<Outcome> {
  const file = path.join(setting.folder, 'trial.json');
  writeFileSync(file, JSON.stringify({ ...trial, checkedSteps, countedSteps }));
  const ours = trial.kind === 'step' ? await Steps.open(trial) : await Loop.open(trial);
  const { options } = setting;
  try {
    const outputs = await ours.outputs();
    return await racePeers(
      {
        trial,
        unit: unitOf(trial),
        each: trial.kind === 'step' ? trial.copies : 1,
        ours: ours.contender(),
        peers: peers.filter(({ kind }) => kind === trial.kind),
        reference: referenceOf[trial.kind],
        start: ({ name, module }, python) =>
          new PythonPeer(name, python, { folder, module, file, threads: 2 }),
        verify: async ({ name }, peer) => {
          const theirs = await peer.outputs();
          if (String(theirs) === String(outputs)) return;
          throw new Error(`${String(outputs)} are not the ${String(theirs)} of ${name}`);
        },
      },
      {
        ...setting,
        options: {
          ...options,
          sample: Math.max(options.sample, samples[trial.kind]),
          rounds: Math.min(options.rounds, rounds[trial.kind]),
        },
      },
    );
  } finally {
    await ours.close();
  }
}
