import process from 'node:process';
import { SetupFailure, runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';

const profiles = ['gym', 'envpool', 'nest', 'brian2', 'spinnaker'];
const usage = `usage: node scripts/worker-python.mjs [PROFILE]
  Makes the Python environment that the worker process runs in (default gym), where it is missing or out of date, and
  prints its Python. PROFILE: ${profiles.join(' | ')}
`;

await runScript(async ([profile = 'gym', ...more]) => {
  if (profile === '--help') {
    process.stdout.write(usage);
    return 0;
  }
  if (!profiles.includes(profile) || more.length > 0) throw new SetupFailure(usage.trimEnd());
  process.stdout.write(`${await ensurePython(repositoryRoot, profile)}\n`);
  return 0;
});
