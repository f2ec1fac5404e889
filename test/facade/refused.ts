import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import type { ErrorCode } from '../../ts/errors.js';

/** Every message says what was wrong, what was expected and what came. */
const form = /^.+: expected .+, received .+$/s;

function check(error: unknown, code: ErrorCode, part: RegExp | string, what: string): void {
  expect(error, `${what}: ${String(error)}`).to.be.instanceOf(SpiqError);
  const { code: found, message } = error as SpiqError;
  expect(found, `${what}: ${message}`).to.equal(code);
  expect(message, what).to.match(form);
  if (typeof part === 'string') expect(message, what).to.contain(part);
  else expect(message, what).to.match(part);
}

/** `part` names the culprit in the message. */
export function expectRefused(call: () => unknown, code: ErrorCode, part: RegExp | string): void {
  let error: unknown;
  try {
    call();
  } catch (thrown) {
    error = thrown;
  }
  check(error, code, part, `expected ${code} with ${String(part)}`);
}

export async function expectRejected(
  call: () => Promise<unknown>,
  code: ErrorCode,
  part: RegExp | string,
): Promise<void> {
  let error: unknown;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  check(error, code, part, `expected ${code} with ${String(part)}`);
}
