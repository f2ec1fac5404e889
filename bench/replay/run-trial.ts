import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Outcome } from '../compare/outcome.js';
import { PythonPeer } from '../compare/python-peer.js';
import { racePeers } from '../compare/race-peers.js';
import type { TrialSetting } from '../compare/race-peers.js';
import { OurSide } from './our-side.js';
import { peers, referencePeer } from './peers.js';
import { alpha, beta, errors, floats, replayUnit, side, stack } from './trials.js';
import type { ReplayTrial } from './trials.js';
import { checkedBatches, verifyDraws } from './verify.js';

const folder = fileURLToPath(new URL('../../../bench/replay/peers/', import.meta.url));

export async function runTrial(trial: ReplayTrial, setting: TrialSetting): Promise<Outcome> {
  const file = path.join(setting.folder, 'trial.json');
  const constants = { alpha, beta, errors, floats, side, stack, checkedBatches };
  writeFileSync(file, JSON.stringify({ ...trial, ...constants }));
  const ours = new OurSide(trial);
  verifyDraws(ours.draws(), trial, 'spiq');
  return racePeers(
    {
      trial,
      unit: replayUnit,
      each: 1,
      ours: ours.contender(),
      peers: peers.filter(({ kinds }) => kinds.includes(trial.kind)),
      reference: referencePeer,
      start: ({ name, module }, python) =>
        new PythonPeer(name, python, { folder, module, file, threads: 1 }),
      verify: async ({ name }, peer) => {
        const [place = NaN, odd = NaN] = await peer.outputs();
        verifyDraws({ place, odd }, trial, name);
      },
    },
    setting,
  );
}
