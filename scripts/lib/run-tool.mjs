import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { finished } from 'node:stream/promises';
import { SetupFailure } from './failure.mjs';

const tailLines = 25;

// Ctrl-C reaches tools by itself; a signal to this process alone must not leave them running.
const running = new Set();
process.on('exit', () => running.forEach((child) => child.kill('SIGTERM')));

/**
 * Runs a tool, its output going to build/logs/<log>.log. A failure shows an excerpt of it, the end if not told
 * otherwise, and says where the rest is.
 */
export async function runTool({
  root,
  log,
  command,
  args,
  env = process.env,
  what,
  excerpt = lastLines,
}) {
  const logFile = path.join(root, 'build', 'logs', `${log}.log`);
  mkdirSync(path.dirname(logFile), { recursive: true });
  const stream = createWriteStream(logFile);
  stream.write(`${[command, ...args].join(' ')}\n`);
  const lines = [];
  const { code, signal } = await spawnTool(command, args, { cwd: root, env, what }, (chunk) => {
    stream.write(chunk);
    lines.push(chunk);
  });
  stream.end();
  await finished(stream);
  const output = lines.join('');
  if (code === 0) return output;
  throw new SetupFailure(
    `${excerpt(output)}\nspiq set-up: ${what} failed (${signal ?? `exit code ${code}`}); the full output is in ` +
      `${path.relative(root, logFile)}.`,
  );
}

function lastLines(output) {
  return output.trimEnd().split('\n').slice(-tailLines).join('\n');
}

/** Runs a tool on this terminal and resolves to its exit code. */
export async function runInherited(command, args, { cwd, env = process.env, what }) {
  const child = spawn(command, args, { cwd, env, stdio: 'inherit' });
  const { code, signal } = await exitOf(child, what);
  return signal === null ? code : 1;
}

/** Runs a tool and hands its output, both streams in order of arrival, to `onOutput`. */
export async function spawnTool(command, args, { cwd, env = process.env, what }, onOutput) {
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.setEncoding('utf8').on('data', onOutput);
  child.stderr.setEncoding('utf8').on('data', onOutput);
  return exitOf(child, what);
}

function exitOf(child, what) {
  running.add(child);
  return new Promise((resolve, reject) => {
    child.on('error', (error) =>
      reject(new SetupFailure(`spiq set-up: ${what} could not be started: ${error.message}.`)),
    );
    child.on('close', (code, signal) => resolve({ code, signal }));
  }).finally(() => running.delete(child));
}
