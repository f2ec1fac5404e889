import { addon } from './native.js';
import type { NativeInfo } from './native.js';

export type { NativeInfo as EngineInfo } from './native.js';

/** Version, threads, instruction sets and devices of the native engine. */
export function engineInfo(): NativeInfo {
  return addon().info();
}
