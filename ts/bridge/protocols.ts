import type { BridgeBackendName } from './backends.js';

/** How the published agents used their simulators. */
export const originalProtocols = ['original-nest', 'original-pynn'] as const;
export type OriginalProtocol = (typeof originalProtocols)[number];

export interface ProtocolOptions {
  readonly backend: BridgeBackendName;
  readonly reset: 'zero';
  readonly backendOptions: Readonly<Record<string, unknown>>;
}

/**
 * Options of `openBridge` that repeat a published agent's way: sub-steps and a readout a step early in NEST, doubled connections
 * and weights 1000 times as large in PyNN. `model` of `backendOptions` may be `pp_psc_delta`.
 */
export function originalProtocol(
  protocol: OriginalProtocol,
  backendOptions: Readonly<Record<string, unknown>> = {},
): ProtocolOptions {
  return {
    backend: protocol === 'original-nest' ? 'nest' : 'pynn-nest',
    reset: 'zero',
    backendOptions: { ...backendOptions, protocol: 'original' },
  };
}
