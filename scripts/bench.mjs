import process from 'node:process';
import { runBuiltMain } from './lib/built-main.mjs';
import { runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { setUp } from './lib/setup.mjs';

// These make do without the peers' Python.
const alone = ['curves', 'forward', 'memory'];
const programs = ['main', 'roofline', 'conversion', 'worker', ...alone];

await runScript(async (argv) => {
  const program = programs.includes(argv[0]) ? argv.shift() : 'main';
  await setUp(repositoryRoot);
  const spared = ['--no-peers', '--list', '--help'].some((flag) => argv.includes(flag));
  if (program === 'worker') {
    process.env.SPIQ_PYTHON ??= await ensurePython(repositoryRoot, 'gym');
  } else if (!spared && !alone.includes(program)) {
    process.env.SPIQ_BENCH_PYTHON ??= await ensurePython(repositoryRoot, 'bench');
  }
  return runBuiltMain(repositoryRoot, `dist/bench/${program}.js`, argv);
});
