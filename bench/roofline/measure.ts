import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Limits {
  /** Float additions a second. */
  readonly additions: number;
  /** For each working set, in the order asked for. */
  readonly bandwidth: readonly { readonly bytes: number; readonly rate: number }[];
}

const source = fileURLToPath(new URL('../../../bench/roofline/', import.meta.url));
const build = fileURLToPath(new URL('../../../build/roofline/', import.meta.url));
const stdio: ['ignore', 'ignore', 'inherit'] = ['ignore', 'ignore', 'inherit'];

export function buildMeasure(): void {
  execFileSync('cmake', ['-S', source, '-B', build], { stdio });
  execFileSync('cmake', ['--build', build, '--config', 'Release'], { stdio });
}

export function measureLimits(threads: number, workingSets: readonly number[]): Limits {
  const words = [threads, ...workingSets].map(String);
  return JSON.parse(execFileSync(`${build}machine`, words, { encoding: 'utf8' })) as Limits;
}
