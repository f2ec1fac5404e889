import type { Work } from '../simulate/work.js';

export interface Roof {
  readonly trial: string;
  /** Observations a second that moving the least bytes, and doing the least additions, would allow. */
  readonly byBytes: number;
  readonly byAdditions: number;
  readonly limit: number;
  readonly boundBy: 'bytes' | 'additions';
  readonly spiq: number;
  /** Of the limit. */
  readonly share: number;
}

export function roofOf(
  trial: string,
  work: Work,
  batch: number,
  machine: { readonly bandwidth: number; readonly additions: number },
  spiq: number,
): Roof {
  const byBytes = (batch * machine.bandwidth) / work.bytes;
  const byAdditions = (batch * machine.additions) / work.additions;
  const limit = Math.min(byBytes, byAdditions);
  const boundBy = byBytes < byAdditions ? 'bytes' : 'additions';
  return { trial, byBytes, byAdditions, limit, boundBy, spiq, share: spiq / limit };
}
