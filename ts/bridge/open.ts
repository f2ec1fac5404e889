import { BridgeBackend, type LoadOptions } from './backend.js';
import { backendOptionNames, type BackendOptions } from './backends.js';
import type { Bridge } from './bridge.js';

export type OpenBridgeOptions = BackendOptions & LoadOptions;

/** Worker processes of a back end, in which several networks may be loaded. */
export async function openBackend(options: BackendOptions): Promise<BridgeBackend> {
  return BridgeBackend.open(options);
}

/**
 * A network in another simulator, in worker processes of its own.
 *
 * ```ts
 * const bridge = await openBridge({ network, backend: 'nest', steps: 100 });
 * const { actions } = await bridge.evaluate(observations);
 * await bridge.close();
 * ```
 */
export async function openBridge(options: OpenBridgeOptions): Promise<Bridge> {
  const isBackend = (name: string): boolean => backendOptionNames.some((known) => known === name);
  const split = (own: (name: string) => boolean): object =>
    Object.fromEntries(Object.entries(options).filter(([name]) => own(name)));
  const backend = await openBackend(split(isBackend) as BackendOptions);
  try {
    const load = split((name) => !isBackend(name) || name === 'signal') as LoadOptions;
    return await backend.load(load, async () => backend.close());
  } catch (error) {
    await backend.close();
    throw error;
  }
}
