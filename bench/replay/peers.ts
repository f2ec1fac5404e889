import type { Peer } from '../compare/peer.js';
import type { ReplayTrial } from './trials.js';

interface ReplayPeer extends Peer {
  readonly kinds: readonly ReplayTrial['kind'][];
}

export const peers: readonly ReplayPeer[] = [
  {
    name: 'cpprb',
    module: 'cpprb_memory',
    counted: true,
    verified: true,
    kinds: ['uniform', 'prioritised', 'frames'],
  },
  {
    name: 'Stable-Baselines3',
    module: 'sb3_memory',
    counted: true,
    verified: true,
    kinds: ['uniform', 'frames'],
  },
  {
    name: 'numpy',
    module: 'numpy_memory',
    counted: false,
    verified: true,
    kinds: ['uniform', 'frames'],
    note: 'arrays that are indexed by hand: no borders of episodes, nothing that is overwritten',
  },
];

/** Without whose agreement no time counts. */
export const referencePeer = 'cpprb';
