/** Every error a user can cause carries one of these codes; `docs/errors.md` has a paragraph for each. */
export const errorCodes = {
  E_ARGUMENT: 'an argument or option has the wrong type, an unknown name or an unknown value',
  E_RANGE: 'a number lies outside its permitted range',
  E_SHAPE: 'the dimensions of an array do not fit',
  E_NOT_FINITE: 'an array holds NaN or infinity',
  E_GRAPH: 'a network description contradicts itself',
  E_UNSUPPORTED: 'the request is understood but not supported',
  E_STATE: 'the object is not in a state that permits the call',
  E_BUFFER_BUSY: 'a buffer is in use by a running job',
  E_CANCELLED: 'the call was cancelled',
  E_MEMORY: 'the request needs more memory than is allowed or available',
  E_INTERNAL: 'spiq found a fault in itself',
  E_FILE: 'a file cannot be read or written',
  E_FORMAT: 'a file is damaged or not of the expected format',
  E_VERSION: 'a file was written by a newer version of spiq',
  E_MISMATCH: 'a network does not compute what its reference computes',
  E_ENVIRONMENT: 'something spiq needs is missing on this machine',
  E_NO_PYTHON: 'there is no Python to start the worker process with',
  E_IMPORT: 'the worker process lacks a Python module',
  E_BACKEND: 'what the worker process runs failed',
  E_CRASH: 'the worker process ended by itself',
  E_TIMEOUT: 'the worker process did not answer in time',
  E_PROTOCOL: 'a message breaks the protocol of the worker process',
  E_AUTH: "a worker process and its client do not accept each other's keys or token",
  E_TOO_LARGE: 'a message is larger than the protocol permits',
  E_USAGE: 'the command line cannot be understood',
} as const;

export type ErrorCode = keyof typeof errorCodes;

export class SpiqError extends Error {
  override readonly name = 'SpiqError';
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCodes, value);
}

/** The one message form: what was wrong, what was expected, what came. */
export function mismatch(
  code: ErrorCode,
  what: string,
  expected: string,
  received: unknown,
): SpiqError {
  return new SpiqError(code, `${what}: expected ${expected}, received ${show(received)}`);
}

/** Words of ours in the place of a received value: `show` leaves them without quotes. */
export class Phrase {
  constructor(readonly text: string) {}
}

export function phrase(text: string): Phrase {
  return new Phrase(text);
}

/** A short, single-line rendering of any value for an error message. */
export function show(value: unknown): string {
  if (value instanceof Phrase) return value.text;
  if (typeof value === 'string')
    return value.length > 60 ? `'${value.slice(0, 57)}…'` : `'${value}'`;
  if (typeof value === 'function') return 'a function';
  if (ArrayBuffer.isView(value)) return `${value.constructor.name} of ${value.byteLength} bytes`;
  if (Array.isArray(value)) {
    const shown = value.slice(0, 8).map(show).join(', ');
    return `[${shown}${value.length > 8 ? ', …' : ''}]`;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.getPrototypeOf(value) === null
      ? 'an object'
      : `an object (${value.constructor.name})`;
  }
  return String(value);
}
