import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeNpz } from '../../ts/formats/npz/index.js';
import type { NpyArray } from '../../ts/formats/npz/index.js';
import type { Outcome } from '../compare/outcome.js';
import { PythonPeer } from '../compare/python-peer.js';
import { racePeers } from '../compare/race-peers.js';
import type { TrialSetting } from '../compare/race-peers.js';
import { OurSide } from './our-side.js';
import { peersOf } from './peers.js';
import { height, preprocessUnit, width } from './trials.js';
import type { PreprocessTrial } from './trials.js';
import { verifyPixels } from './verify.js';

const folder = fileURLToPath(new URL('../../../bench/preprocess/peers/', import.meta.url));

export async function runTrial(trial: PreprocessTrial, setting: TrialSetting): Promise<Outcome> {
  const ours = new OurSide(trial);
  const file = path.join(setting.folder, 'trial.npz');
  writeFileSync(file, writeNpz(contents(trial, ours.frames)));
  const peers = peersOf(trial);
  return racePeers(
    {
      trial,
      unit: preprocessUnit,
      each: 1,
      ours: ours.contender(),
      peers,
      reference: peers[0]!.name,
      start: ({ name, module }, python) =>
        new PythonPeer(name, python, { folder, module, file, threads: 1 }),
      verify: async ({ name }, peer) => {
        verifyPixels(new OurSide(trial).observations(), await peer.outputs(), name);
      },
    },
    setting,
  );
}

function contents({ kind }: PreprocessTrial, frames: readonly Uint8Array[]): Map<string, NpyArray> {
  const grey = kind === 'nature';
  const data = Uint8Array.from(frames.flatMap((frame) => [...frame]));
  const name = new TextEncoder().encode(kind);
  const shape = [frames.length, height, width, ...(grey ? [] : [3])];
  return new Map<string, NpyArray>([
    ['kind', { shape: [name.length], dtype: 'u1', data: name }],
    ['frames', { shape, dtype: 'u1', data }],
  ]);
}
