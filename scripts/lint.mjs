import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { aarch64Build, missingForAarch64 } from './lib/aarch64.mjs';
import { runScript } from './lib/failure.mjs';
import { checkForeignNames } from './lib/lint/foreign-names.mjs';
import { clangFormat, clangTidy } from './lib/lint/native-linters.mjs';
import { runLinter, runNodeLinter } from './lib/lint/run-linter.mjs';
import { trackedFiles } from './lib/lint/tracked-files.mjs';
import { buildNativeTests } from './lib/native-tests.mjs';
import { repositoryRoot as root } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { setUp } from './lib/setup.mjs';

const ruffOptions = [
  '--line-length',
  '100',
  '--target-version',
  'py310',
  '--config',
  'format.quote-style="single"',
];
// RUF001-3: formulas use Greek letters. E741: l is a layer there. E501: only comments are left too long by the formatter.
const ruffRules = [
  '--select',
  'E,F,W,I,B,UP,SIM,RUF',
  '--ignore',
  'RUF001,RUF002,RUF003,E741,E501',
];

await runScript(async (argv) => {
  const fix = argv.includes('--fix');
  await setUp(root);
  // Its compile_commands.json has the native tests, which the addon's build does not know.
  await buildNativeTests(root, { variant: 'tests', buildType: 'Release' });
  const unread = await buildForAarch64();
  const venv = path.dirname(await ensurePython(root, 'lint'));
  const context = { root, venv, fix, unread };
  const files = trackedFiles(root);
  let passed = 0;
  let failed = 0;
  for (const linter of linters(context, files)) {
    const start = performance.now();
    const { ok, output } = await linter.run();
    const time = ((performance.now() - start) / 1000).toFixed(1);
    process.stdout.write(`== ${linter.name}: ${ok ? 'clean' : 'FAILED'} (${time} s)\n`);
    if (!ok) process.stdout.write(`${output}\n`);
    if (ok) passed++;
    else failed++;
  }
  process.stdout.write(`lint: ${passed} passed, ${failed} failed, 0 skipped\n`);
  return failed === 0 ? 0 : 1;
});

/** What clang-tidy cannot read on this machine: sources for another processor, which another compiler compiles. */
async function buildForAarch64() {
  const missing = missingForAarch64();
  if (missing === undefined) {
    await buildNativeTests(root, aarch64Build(root));
    return [];
  }
  process.stdout.write(`${missing}\n`);
  // Continuous integration complains of what no build compiles.
  return process.env.CI === 'true' ? [] : ['native/backend/cpu/layer_neon.cc'];
}

function linters(context, files) {
  const under = (pattern) => files.filter((file) => pattern.test(file));
  const cxx = under(/^(?:native|bench)\/.*\.(?:cc|h)$/);
  const tidy = cxx.filter((file) => !context.unread.includes(file));
  const python = under(/^(?:scripts|bench|test)\/.*\.py$/);
  const pretty = under(/\.(?:ts|mts|js|mjs|json|md|ya?ml)$/);
  const ruff = path.join(context.venv, 'ruff');
  const all = [
    { name: 'clang-format', files: cxx, run: () => clangFormat(context, cxx) },
    { name: 'clang-tidy', files: tidy, run: () => clangTidy(context, tidy) },
    {
      name: 'eslint',
      files: pretty,
      run: () =>
        runNodeLinter(root, binary('eslint', 'bin/eslint.js'), [
          ...(context.fix ? ['--fix'] : []),
          '--max-warnings',
          '0',
          '.',
        ]),
    },
    {
      name: 'prettier',
      files: pretty,
      run: () =>
        runNodeLinter(root, binary('prettier', 'bin/prettier.cjs'), [
          context.fix ? '--write' : '--check',
          '--log-level',
          'warn',
          ...pretty,
        ]),
    },
    {
      name: 'ruff check',
      files: python,
      run: () =>
        runLinter(root, ruff, [
          'check',
          ...ruffOptions,
          ...ruffRules,
          ...(context.fix ? ['--fix'] : []),
          ...python,
        ]),
    },
    {
      name: 'ruff format',
      files: python,
      run: () =>
        runLinter(root, ruff, [
          'format',
          ...ruffOptions,
          ...(context.fix ? [] : ['--check']),
          ...python,
        ]),
    },
    {
      name: 'machine paths and registry hosts',
      files,
      run: async () => {
        const complaints = checkForeignNames(root, files);
        return { ok: complaints.length === 0, output: complaints.join('\n') };
      },
    },
  ];
  // A tool given no file would fall back to all of them, or fail.
  return all.filter((linter) => linter.files.length > 0);
}

function binary(packageName, file) {
  const { resolve } = createRequire(path.join(root, 'package.json'));
  return path.join(path.dirname(resolve(`${packageName}/package.json`)), file);
}
