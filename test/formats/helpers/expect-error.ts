import { expect } from 'chai';
import { SpiqError } from '../../../ts/errors.js';
import type { ErrorCode } from '../../../ts/errors.js';

/** Runs `action`, which must throw a SpiqError of this code whose message holds every one of `parts`. */
export function expectError(action: () => unknown, code: ErrorCode, ...parts: string[]): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  judge(thrown, code, parts);
}

export async function expectRejection(
  action: Promise<unknown>,
  code: ErrorCode,
  ...parts: string[]
): Promise<void> {
  let thrown: unknown;
  try {
    await action;
  } catch (error) {
    thrown = error;
  }
  judge(thrown, code, parts);
}

function judge(thrown: unknown, code: ErrorCode, parts: readonly string[]): void {
  if (!(thrown instanceof SpiqError))
    expect.fail(`expected a SpiqError, received ${String(thrown)}`);
  expect(thrown.code, thrown.message).to.equal(code);
  for (const part of parts) expect(thrown.message).to.include(part);
}
