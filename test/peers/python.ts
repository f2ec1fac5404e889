import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

// Sources: tests run in dist/test/peers, three folders below the package.
const folder = new URL('../../../test/peers/', import.meta.url);

export type Variable =
  'SPIQ_PEERS_PYTHON' | 'SPIQ_KERAS_PYTHON' | 'SPIQ_ENVPOOL_PYTHON' | 'SPIQ_FRAMES_PYTHON';

/** The Python that `npm run test:peers` names in `variable`. */
export function peerPython(variable: Variable): string {
  const python = process.env[variable];
  if (!python) throw new Error(`${variable} is not set: run npm run test:peers`);
  return python;
}

/**
 * Runs test/peers/<script> in the peers' Python, which `npm run test:peers` names in `variable`. The script reads
 * `request` as JSON from its input; the last line that it prints is its answer, as JSON too.
 */
export function askPeer(
  script: string,
  request: unknown,
  variable: Variable = 'SPIQ_PEERS_PYTHON',
): unknown {
  const { status, stdout, stderr, error } = spawnSync(
    peerPython(variable),
    [fileURLToPath(new URL(script, folder))],
    { input: JSON.stringify(request), encoding: 'utf8', maxBuffer: 2 ** 30 },
  );
  if (status !== 0) throw new Error(`${script} failed: ${error?.message ?? stderr}`);
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
}
