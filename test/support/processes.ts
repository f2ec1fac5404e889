import { readFileSync } from 'node:fs';

/** Whether a process runs; one that has ended and that nobody has asked about yet does not. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    if (process.platform !== 'linux') return true;
    return !/^\d+ \(.*\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

/** Milliseconds until a process has ended, or `most`. */
export async function timeToEnd(pid: number, most: number): Promise<number> {
  const start = performance.now();
  while (isRunning(pid) && performance.now() - start < most) {
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  return performance.now() - start;
}
