import process from 'node:process';
import { runBuiltMain } from './lib/built-main.mjs';
import { runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { setUp } from './lib/setup.mjs';

// These make do without the peers' Python.
const alone = ['curves', 'forward', 'memory'];
// Those that need others than the peers': their variables and profiles.
const others = {
  worker: { SPIQ_PYTHON: 'gym' },
  bridge: { SPIQ_PYTHON_NEST: 'nest', SPIQ_PYTHON_SPINNAKER: 'spinnaker' },
};
const programs = ['main', 'roofline', 'conversion', ...Object.keys(others), ...alone];

await runScript(async (argv) => {
  const program = programs.includes(argv[0]) ? argv.shift() : 'main';
  await setUp(repositoryRoot);
  const spared = ['--no-peers', '--list', '--help'].some((flag) => argv.includes(flag));
  if (program in others && !spared) {
    for (const [variable, profile] of Object.entries(others[program])) {
      process.env[variable] ??= await ensurePython(repositoryRoot, profile);
    }
  } else if (!spared && !alone.includes(program)) {
    process.env.SPIQ_BENCH_PYTHON ??= await ensurePython(repositoryRoot, 'bench');
  }
  return runBuiltMain(repositoryRoot, `dist/bench/${program}.js`, argv);
});
