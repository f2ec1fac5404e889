import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { SetupFailure } from './failure.mjs';
import { findProgram } from './find-program.mjs';
import { stampMatches, writeStamp } from './stamp.mjs';

const minimum = { node: [20, 19], cmake: [3, 18] };

// Needs C++17 in the compiler (structured binding) and in its library (variant).
const cxx17Program = `#include <utility>
#include <variant>
int main() { auto [a, b] = std::pair<int, int>(0, 0); std::variant<int> v(a + b); return std::get<int>(v); }
`;

export function checkNode(version = process.versions.node) {
  if (!atLeast(version, minimum.node)) {
    throw new SetupFailure(
      `spiq needs Node.js ${minimum.node.join('.')} or newer and this is ${version}: install a newer Node.js.`,
    );
  }
}

/** Finds compiler, CMake and build tool; compiles a line of C++17 unless `root` has a stamp for just these. */
export function checkToolchain(root, env = process.env) {
  const compiler = findCompiler(env);
  const cmake = findProgram('cmake', env);
  if (cmake === undefined) {
    throw new SetupFailure(
      `spiq needs CMake ${minimum.cmake.join('.')} or newer and found none on PATH: ` +
        "install the package 'cmake', for example with apt, dnf, brew or pip.",
    );
  }
  const maker = findProgram('ninja', env) ?? findProgram('make', env);
  if (maker === undefined) {
    throw new SetupFailure(
      "spiq needs make or ninja and found neither on PATH: install the package 'make' or 'ninja-build'.",
    );
  }
  const stamp = path.join(root, 'build', 'toolchain.stamp');
  const identity = [compiler, cmake, maker]
    .map((program) => `${program}:${statSync(program).mtimeMs}`)
    .join('\n');
  if (!stampMatches(stamp, identity)) {
    checkCmakeVersion(cmake);
    compileCxx17(compiler, env);
    writeStamp(stamp, identity);
  }
  return { compiler, cmake, maker };
}

function findCompiler(env) {
  if (env.CXX) {
    const chosen = findProgram(env.CXX, env);
    if (chosen !== undefined) return chosen;
    throw new SetupFailure(
      `The environment variable CXX names '${env.CXX}' and there is no such program: ` +
        'set it to a C++17 compiler or unset it.',
    );
  }
  for (const name of ['c++', 'g++', 'clang++']) {
    const found = findProgram(name, env);
    if (found !== undefined) return found;
  }
  throw new SetupFailure(
    'spiq needs a C++17 compiler and found none of c++, g++, clang++ on PATH: ' +
      "install the package 'g++' or 'clang' (on macOS: xcode-select --install), or set CXX.",
  );
}

function checkCmakeVersion(cmake) {
  const { stdout } = spawnSync(cmake, ['--version'], { encoding: 'utf8' });
  const version = /version (\d+\.\d+[.\d]*)/.exec(stdout ?? '')?.[1];
  if (version === undefined || !atLeast(version, minimum.cmake)) {
    throw new SetupFailure(
      `spiq needs CMake ${minimum.cmake.join('.')} or newer and ${cmake} is ` +
        `${version ?? 'of unknown version'}: install a newer CMake, for example with pip install cmake.`,
    );
  }
}

function compileCxx17(compiler, env) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-compiler-'));
  try {
    const source = path.join(folder, 'try.cc');
    writeFileSync(source, cxx17Program);
    const output = path.join(folder, 'try');
    const tried = spawnSync(compiler, ['-std=c++17', source, '-o', output], {
      encoding: 'utf8',
      env,
    });
    if (tried.status === 0) return;
    const reason = (tried.stderr || tried.error?.message || 'no message').trim().split('\n')[0];
    throw new SetupFailure(
      `spiq needs a C++17 compiler and ${compiler} could not build a line of C++17 (${reason}): ` +
        'install g++ 9, clang 9 or newer, or set CXX.',
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function atLeast(version, [major, minor]) {
  const [versionMajor = 0, versionMinor = 0] = version.split('.').map(Number);
  return versionMajor > major || (versionMajor === major && versionMinor >= minor);
}
