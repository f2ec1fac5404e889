import type { Peer } from '../compare/peer.js';
import type { TrainTrial } from './trials.js';

interface TrainPeer extends Peer {
  readonly kind: TrainTrial['kind'];
}

const counted = { counted: true, verified: true } as const;

export const peers: readonly TrainPeer[] = [
  { ...counted, kind: 'surrogate', name: 'torch', module: 'torch_surrogate' },
  {
    ...counted,
    kind: 'surrogate',
    name: 'snnTorch',
    module: 'snntorch_surrogate',
    verified: false,
    note: 'resets one step late: timed without comparing its losses',
  },
  { ...counted, kind: 'surrogate', name: 'SpikingJelly', module: 'spikingjelly_surrogate' },
  { ...counted, kind: 'dqn', name: 'torch', module: 'torch_dqn' },
  { ...counted, kind: 'loop', name: 'Stable-Baselines3', module: 'sb3_loop' },
];

/** Without whose agreement no time counts. */
export const referenceOf: Readonly<Record<TrainTrial['kind'], string>> = {
  surrogate: 'torch',
  dqn: 'torch',
  loop: 'Stable-Baselines3',
};
