import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { SetupFailure } from './failure.mjs';
import { findProgram } from './find-program.mjs';
import { removeOrphans } from './orphans.mjs';
import { runTool } from './run-tool.mjs';
import { hashInputs, listFiles, stampMatches, writeStamp } from './stamp.mjs';
import { checkToolchain } from './toolchain.mjs';

/**
 * The steps of the set-up in order. A step is a name, what to say when it is done, whether its product is
 * missing or older than its sources, and how to make it.
 */
export function setupSteps(root) {
  return [packagesStep(root), addonStep(root), typescriptStep(root)];
}

function packagesStep(root) {
  const stamp = path.join(root, 'node_modules', '.cache', 'spiq', 'packages.stamp');
  const hash = () => hashInputs(root, ['package-lock.json'], [process.platform, process.arch]);
  return {
    name: 'packages',
    done: 'installed',
    // A package installed as somebody's dependency brings no lock file: its own packages are there already.
    isStale: () => existsSync(path.join(root, 'package-lock.json')) && !stampMatches(stamp, hash()),
    async run() {
      const inputs = hash();
      const npm = npmCommand();
      await runTool({
        ...npm,
        args: [...npm.args, 'ci'],
        root,
        log: 'packages',
        what: 'npm ci',
        excerpt: npmErrors,
      });
      writeStamp(stamp, inputs);
    },
  };
}

function npmCommand() {
  // npm names its own program here when it runs a script.
  const program = process.env.npm_execpath;
  if (program?.endsWith('.js')) return { command: process.execPath, args: [program] };
  const npm = findProgram('npm');
  if (npm !== undefined) return { command: npm, args: [] };
  throw new SetupFailure(
    'spiq needs npm, which comes with Node.js, and found none on PATH: add it to PATH.',
  );
}

// npm ends its errors with a page of usage.
function npmErrors(output) {
  const lines = output.split('\n').filter((line) => line.startsWith('npm error'));
  return lines.slice(0, 12).join('\n') || output;
}

function addonStep(root) {
  const stamp = path.join(root, 'build', 'addon.stamp');
  const hash = () =>
    hashInputs(
      root,
      ['native', 'CMakeLists.txt'],
      [process.platform, process.arch, process.env.CXX ?? '', nodeAddonVersion(root)],
    );
  return {
    name: 'addon',
    done: 'built',
    isStale: () => !hasAddon(root) || !stampMatches(stamp, hash()),
    check: () => checkToolchain(root),
    async run() {
      const { compiler, cmake } = checkToolchain(root);
      const inputs = hash();
      rmSync(stamp, { force: true });
      const common = ['--out', 'build', '--config', 'Release', '--cmake-path', cmake];
      const cmakeJs = (command, extra) =>
        runTool({
          root,
          log: `addon-${command}`,
          command: process.execPath,
          args: [cmakeJsProgram(root), command, ...common, ...extra],
          env: { ...process.env, CXX: compiler },
          what: `the addon's ${command} step`,
        });
      await configureAfresh(path.join(root, 'build'), () => cmakeJs('configure', []));
      await cmakeJs('build', ['--parallel', String(os.availableParallelism())]);
      if (!hasAddon(root)) {
        throw new SetupFailure(
          'spiq set-up: the build ended well and left no .node file in build.',
        );
      }
      writeStamp(stamp, inputs);
    },
  };
}

/** Configures over what an earlier run left; a cache of another place or generator is dropped and made anew. */
export async function configureAfresh(folder, configure) {
  const cache = path.join(folder, 'CMakeCache.txt');
  if (!existsSync(cache)) return configure();
  try {
    return await configure();
  } catch (error) {
    if (!(error instanceof SetupFailure)) throw error;
    rmSync(cache, { force: true });
    rmSync(path.join(folder, 'CMakeFiles'), { recursive: true, force: true });
    return configure();
  }
}

function hasAddon(root) {
  const folder = path.join(root, 'build', 'Release');
  return existsSync(folder) && readdirSync(folder).some((file) => file.endsWith('.node'));
}

export function cmakeJsProgram(root) {
  const manifest = locate(root, 'cmake-js/package.json');
  return path.join(path.dirname(manifest), 'bin', 'cmake-js');
}

function nodeAddonVersion(root) {
  const { resolve } = createRequire(path.join(root, 'package.json'));
  try {
    return createRequire(import.meta.url)(resolve('node-addon-api/package.json')).version;
  } catch (error) {
    // Not installed yet: the packages step comes first.
    if (error.code === 'MODULE_NOT_FOUND') return 'absent';
    throw error;
  }
}

function locate(root, request) {
  try {
    return createRequire(path.join(root, 'package.json')).resolve(request);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    throw new SetupFailure("spiq's packages are not installed: run npm run setup.");
  }
}

function typescriptStep(root) {
  const stamp = path.join(root, 'dist', 'typescript.stamp');
  const hash = () =>
    hashInputs(
      root,
      ['tsconfig.json', 'package.json', 'package-lock.json'],
      [hashInputs(root, typescriptSources(root))],
    );
  return {
    name: 'TypeScript',
    done: 'compiled',
    isStale: () => existsSync(path.join(root, 'tsconfig.json')) && !stampMatches(stamp, hash()),
    async run() {
      const inputs = hash();
      rmSync(stamp, { force: true });
      const compiler = path.join(
        path.dirname(locate(root, 'typescript/package.json')),
        'bin',
        'tsc',
      );
      await runTool({
        root,
        log: 'typescript',
        command: process.execPath,
        args: [compiler, '-p', '.', '--pretty', 'false'],
        what: 'the TypeScript compiler',
      });
      removeOrphans(root);
      writeStamp(stamp, inputs);
    },
  };
}

function typescriptSources(root) {
  return ['ts', 'test', 'bench', 'examples']
    .flatMap((folder) => listFiles(root, folder))
    .filter((file) => file.endsWith('.ts'));
}
