import { spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { repositoryRoot } from '../scripts/repository.js';

export function moduleUrl(...parts: string[]): string {
  return pathToFileURL(path.join(repositoryRoot, 'dist', ...parts)).href;
}

/** What every program below begins with. */
export const preamble = `
import { Simulator, Network } from '${moduleUrl('ts', 'index.js')}';
import { randomNetwork, uniforms } from '${moduleUrl('test', 'conformance', 'random-nets.js')}';
/** Hours of work on any machine. */
const endless = () => new Simulator(randomNetwork([2, 3, 1]), { steps: 10_000_000 });
const rows = () => new Float32Array(2 * 20_000).fill(1);
`;

export interface Ended {
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs an ES module in a Node of its own; one that hangs is killed and shows as signal SIGKILL. */
export function runProgram(
  program: string,
  nodeOptions: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Ended {
  const args = [...nodeOptions, '--input-type=module', '--eval', preamble + program];
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, args, {
    env: { ...process.env, ...env },
    encoding: 'utf8',
    timeout: 15_000,
    killSignal: 'SIGKILL',
  });
  return { status, signal, stdout, stderr };
}
