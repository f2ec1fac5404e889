import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';

const heartbeatMs = 2000;
// A holder that has not touched its lock for so long is gone, whoever bears its process number now.
const silenceMs = 60_000;
const pollMs = 100;

/** Runs `work` while no other process holds `file`; `onWait(pid)` is called once if that takes waiting. */
export async function withLock(file, work, onWait = () => undefined) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = false; !tryLock(file); await sleep(pollMs)) {
    if (breakStaleLock(file)) continue;
    if (!waited) onWait(readHolder(file));
    waited = true;
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  const release = () => rmSync(file, { force: true });
  const interrupted = (signal) => {
    release();
    process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    release();
  }
}

// A link to a finished file makes the lock and its content appear in one step.
function tryLock(file) {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, String(process.pid));
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function breakStaleLock(file) {
  if (!isStale(file)) return false;
  // Only one waiter may remove a stale lock, or the second would remove the first one's new lock.
  const breaker = `${file}.break`;
  if (!tryLock(breaker)) {
    if (isStale(breaker)) rmSync(breaker, { force: true });
    return false;
  }
  try {
    if (isStale(file)) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(breaker, { force: true });
  }
}

export function isStale(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats === undefined) return false;
  if (Date.now() - stats.mtimeMs > silenceMs) return true;
  const holder = readHolder(file);
  return holder !== undefined && !isAlive(holder);
}

function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return error.code === 'EPERM';
  }
}

function touch(file) {
  const now = new Date();
  try {
    utimesSync(file, now, now);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
}
