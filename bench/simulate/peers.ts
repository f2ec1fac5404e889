import type { Peer } from '../compare/peer.js';

export interface SimulationPeer extends Peer {
  readonly denseOnly: boolean;
}

const counted = { counted: true, denseOnly: false } as const;
const beside = { counted: false, verified: true } as const;

export const peers: readonly SimulationPeer[] = [
  { ...counted, name: 'torch loop', module: 'torch_loop', verified: true },
  {
    ...counted,
    name: 'snnTorch',
    module: 'snntorch_cells',
    verified: false,
    note: 'resets one step late: timed without comparing its outputs',
  },
  { ...counted, name: 'SpikingJelly', module: 'spikingjelly_layers', verified: true },
  {
    ...counted,
    name: 'Norse',
    module: 'norse_cells',
    verified: false,
    note: 'resets to zero: timed without comparing its outputs',
  },
  {
    ...beside,
    name: 'SpikingJelly, first layer once',
    module: 'spikingjelly_hoisted',
    denseOnly: false,
    note: 'helped by hand: the constant current of the first layer is computed once and not T times',
  },
  {
    ...beside,
    name: 'NEST',
    module: 'nest_network',
    denseOnly: true,
    note: 'one kept network, reset by scheduled spikes, up to 64 copies side by side in a batch; one thread',
  },
  {
    ...beside,
    name: 'Brian2',
    module: 'brian2_network',
    denseOnly: true,
    note: 'one kept network, generated code where it can compile; one thread',
  },
];

/** Without its agreement no time counts. */
export const referencePeer = 'torch loop';
