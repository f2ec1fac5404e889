import { spawnSync } from 'node:child_process';
import type { Context } from 'mocha';
import { skipUnless } from '../support/skips.js';

/** To be called in `before`: skips the suite where a program is missing that only tests need. */
export function needProgram(context: Context, program: string, args: string[], reason: string) {
  skipUnless(context, spawnSync(program, args).status === 0, reason);
}

export function needPython(context: Context): void {
  needProgram(
    context,
    process.env.SPIQ_PYTHON ?? 'python3',
    ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'],
    'no Python 3.10: SPIQ_PYTHON names one',
  );
}
