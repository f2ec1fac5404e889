import type { Peer } from '../compare/peer.js';
import type { GameTrial } from './trials.js';

interface GamePeer extends Peer {
  readonly kind: GameTrial['kind'];
}

export const peers: readonly GamePeer[] = [
  { kind: 'step', name: 'Gymnasium', module: 'gymnasium_steps', counted: true, verified: true },
  {
    kind: 'step',
    name: 'ALE',
    module: 'ale_steps',
    counted: false,
    verified: false,
    note: 'the emulator and its grey screens alone: no maximum, no resize',
  },
  {
    kind: 'step',
    name: 'EnvPool',
    module: 'envpool_steps',
    counted: false,
    verified: false,
    note: 'its own emulator in C++, two threads; an episode’s end costs a step of its own',
  },
  {
    kind: 'loop',
    name: 'Stable-Baselines3',
    module: 'sb3_games',
    counted: true,
    verified: true,
  },
];

/** Without whose agreement no time counts. */
export const referenceOf: Readonly<Record<GameTrial['kind'], string>> = {
  step: 'Gymnasium',
  loop: 'Stable-Baselines3',
};
