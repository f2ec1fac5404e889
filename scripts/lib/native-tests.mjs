import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { SetupFailure } from './failure.mjs';
import { withLock } from './lock.mjs';
import { runTool, spawnTool } from './run-tool.mjs';
import { perform } from './setup.mjs';
import { configureAfresh } from './steps.mjs';
import { checkToolchain } from './toolchain.mjs';
import { readNativeTotals } from './totals.mjs';

/** Builds core_tests, which needs no Node headers, in build/<variant> and returns its path. */
export async function buildNativeTests(root, { variant, buildType, definitions = [] }) {
  const folder = path.join(root, 'build', variant);
  const { compiler, cmake, maker } = checkToolchain(root);
  const generator = path.basename(maker).startsWith('ninja') ? 'Ninja' : 'Unix Makefiles';
  const tool = (log, args) =>
    runTool({
      root,
      log: `${variant}-${log}`,
      command: cmake,
      args,
      env: { ...process.env, CXX: compiler },
      what: `the ${log} step of the native tests`,
    });
  const step = {
    name: `native tests (${variant})`,
    done: 'built',
    async run() {
      const options = [
        'SPIQ_TESTS=ON',
        'SPIQ_ADDON=OFF',
        `CMAKE_BUILD_TYPE=${buildType}`,
        ...definitions,
      ];
      await configureAfresh(folder, () =>
        tool('configure', [
          '-S',
          root,
          '-B',
          folder,
          '-G',
          generator,
          ...options.map((o) => `-D${o}`),
        ]),
      );
      await tool('build', ['--build', folder, '--parallel', String(os.availableParallelism())]);
    },
  };
  await withLock(path.join(root, 'build', `${variant}.lock`), () =>
    perform(step, (text) => process.stderr.write(text)),
  );
  const program = path.join(folder, 'core_tests');
  if (existsSync(program)) return program;
  throw new SetupFailure(
    `spiq set-up: the build ended well and left no ${path.relative(root, program)}.`,
  );
}

/**
 * Runs core_tests, behind `launcher` if it cannot run by itself, on this terminal and reads its own totals and
 * skipped cases from what it prints.
 */
export async function runNativeTests(root, program, { env = process.env, launcher = [] } = {}) {
  let output = '';
  const [command, ...args] = [...launcher, program];
  const { code, signal } = await spawnTool(
    command,
    args,
    { cwd: root, env, what: 'core_tests' },
    (chunk) => {
      output += chunk;
      process.stdout.write(chunk);
    },
  );
  const totals = readNativeTotals(output);
  // A crash, a sanitizer's stop or an exit code that contradicts the totals is a failure of its own.
  if (code !== 0 && totals.failed === 0) {
    process.stdout.write(`core_tests ended with ${signal ?? `exit code ${code}`}\n`);
    return { ...totals, failed: 1 };
  }
  return totals;
}
