import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Runs a compiled program of `bench/` in a process of its own and reads the JSON that it prints. */
export function runChild(file: string, args: readonly string[]): unknown {
  const program = fileURLToPath(new URL(file, import.meta.url));
  process.stderr.write(`bench · ${args[0] ?? file} …\n`);
  const { stdout, status, signal } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (status !== 0)
    throw new Error(`its process ended with ${signal ?? `exit code ${String(status)}`}`);
  return JSON.parse(stdout) as unknown;
}
