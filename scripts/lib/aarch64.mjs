import path from 'node:path';
import process from 'node:process';
import { findProgram } from './find-program.mjs';

// The programs, each with the Debian package that has it. cmake/aarch64.cmake names the compiler too.
const packages = {
  'aarch64-linux-gnu-g++': 'g++-aarch64-linux-gnu',
  'qemu-aarch64': 'qemu-user',
};

export const neonReason = 'no compiler or no emulator for aarch64';

/** A sentence with the remedy where compiler or emulator is missing; undefined where both are there. */
export function missingForAarch64(env = process.env) {
  const missing = Object.keys(packages).filter((name) => findProgram(name, env) === undefined);
  if (missing.length === 0) return undefined;
  return (
    `The native tests on aarch64 need ${missing.join(' and ')}, not found on PATH: ` +
    `apt-get install ${missing.map((name) => packages[name]).join(' ')} on Debian.`
  );
}

/** How buildNativeTests makes core_tests for aarch64. */
export function aarch64Build(root) {
  const toolchain = path.join(root, 'cmake', 'aarch64.cmake');
  return {
    variant: 'neon',
    buildType: 'Release',
    definitions: [`CMAKE_TOOLCHAIN_FILE=${toolchain}`],
  };
}

/** What stands before a program for aarch64: the emulator, with Debian's libraries for cross-compiled programs. */
export const aarch64Launcher = ['qemu-aarch64', '-L', '/usr/aarch64-linux-gnu'];
