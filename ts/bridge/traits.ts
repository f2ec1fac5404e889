import type { BridgeBackendName } from './backends.js';

/** What is known of a back end before it is started; its own word counts once it runs. */
export interface BackendTraits {
  readonly resets: readonly string[];
  readonly semantics: readonly string[];
  readonly exact: boolean;
  readonly predicted: boolean;
  /** Copies of a network that make many observations fastest. */
  readonly bulkCopies: number;
  /** How the network is told to it. */
  readonly says: string;
}

const both = { resets: ['subtraction', 'zero'], semantics: ['direct', 'dsqn'] };
const chip = { resets: ['zero'], semantics: ['direct'], exact: false, bulkCopies: 64 };

export const backendTraits: Readonly<Record<BridgeBackendName, BackendTraits>> = {
  nest: {
    ...both,
    exact: true,
    predicted: false,
    bulkCopies: 16,
    says: 'eprop_iaf or iaf_psc_delta of NEST',
  },
  'pynn-nest': {
    ...both,
    exact: true,
    predicted: false,
    bulkCopies: 16,
    says: "native cells of PyNN's NEST",
  },
  brian2: { ...both, exact: true, predicted: false, bulkCopies: 256, says: 'equations of Brian2' },
  spinnaker: { ...chip, predicted: false, says: 'IF_curr_delta on a SpiNNaker board' },
  'spinnaker-virtual': {
    ...chip,
    predicted: true,
    says: 'IF_curr_delta mapped without a board, with an emulation of the chip',
  },
  reference: { ...both, exact: true, predicted: false, bulkCopies: 64, says: 'plain numpy' },
};
