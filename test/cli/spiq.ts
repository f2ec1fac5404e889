import { spawn } from 'node:child_process';
import path from 'node:path';
import { expect } from 'chai';
import { isErrorCode } from '../../ts/errors.js';
import type { ErrorCode } from '../../ts/errors.js';
import { repositoryRoot } from '../scripts/repository.js';

/** What the `bin` entry of package.json points to. */
export const spiqProgram = path.join(repositoryRoot, 'scripts', 'spiq.mjs');
export const dqn = path.join(repositoryRoot, 'models', 'cartpole-dqn.onnx');
export const observations = path.join(repositoryRoot, 'models', 'cartpole-dqn.calibration.npz');

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  /** Added to this process's own environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sent SIGINT, as by Ctrl-C, once stderr matches. */
  readonly interruptAt?: RegExp;
  /** Characters typed once stdout matches: for programs on a pseudo terminal. */
  readonly type?: { readonly at: RegExp; readonly text: string };
  readonly timeoutMilliseconds?: number;
}

/** Runs `spiq` as its own process, as a user does. */
export async function spiq(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return runProgram(process.execPath, [spiqProgram, ...args], options);
}

export async function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env, interruptAt, type, timeoutMilliseconds = 30_000 }: RunOptions,
): Promise<Ended> {
  const own = Object.entries(process.env).filter(([name]) => name !== 'SPIQ_ISA');
  const child = spawn(program, args, {
    cwd,
    env: { ...Object.fromEntries(own), ...env },
    timeout: timeoutMilliseconds,
    killSignal: 'SIGKILL',
  });
  let [stdout, stderr] = ['', ''];
  let acted = false;
  const act = (): void => {
    const interrupts = interruptAt?.test(stderr) === true;
    if (acted || !(interrupts || type?.at.test(stdout) === true)) return;
    acted = true;
    if (interrupts) child.kill('SIGINT');
    else child.stdin.write(type!.text);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    act();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    act();
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** Runs a line that has to succeed; the whole of stderr is shown where it does not. */
export async function succeed(args: readonly string[], options?: RunOptions): Promise<Ended> {
  const ended = await spiq(args, options);
  expect(ended.code, `${args.join(' ')}: ${ended.stderr}`).to.equal(0);
  return ended;
}

/** The one object that --json prints; anything beside it on stdout is an error of JSON.parse. */
export async function succeedJson<T>(args: readonly string[], options?: RunOptions): Promise<T> {
  return JSON.parse((await succeed([...args, '--json'], options)).stdout) as T;
}

/** Runs a line that has to fail with --json, where stdout and stderr tell the same; resolves to stderr. */
export async function fail(
  args: readonly string[],
  code: ErrorCode,
  options?: RunOptions,
): Promise<string> {
  const line = args.join(' ');
  const ended = await spiq([...args, '--json'], options);
  expect(ended.code, `${line}: ${ended.stderr}`).to.equal(code === 'E_USAGE' ? 2 : 1);
  const { error } = JSON.parse(ended.stdout) as { error: { code: string; message: string } };
  expect(Object.keys(error), line).to.deep.equal(['code', 'message']);
  expect(isErrorCode(error.code) && error.code, line).to.equal(code);
  expect(ended.stderr.endsWith(`spiq: ${error.message} [${code}]\n`), ended.stderr).to.equal(true);
  expect(ended.stderr, line).to.not.match(stackTrace);
  return ended.stderr;
}

export const stackTrace = /^\s+at .+[:)]|fault in spiq|node:internal/m;
