import { readFileSync } from 'node:fs';
import { SpiqError } from '../errors.js';

/** Every failure of the file system reaches the user as E_FILE with the path and the system's own reason. */
export function fileError(path: string, action: string, cause: unknown): SpiqError {
  // Without the system call and its path, which may be a temporary one.
  const reason =
    cause instanceof Error ? cause.message.replace(/, \w+( '.*')?$/, '') : String(cause);
  return new SpiqError('E_FILE', `cannot ${action} '${path}': ${reason}`, { cause });
}

export function readFileBytes(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw fileError(path, 'read', cause);
  }
}
