import path from 'node:path';
import { runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { runInherited } from './lib/run-tool.mjs';

// What PEER_WRITERS in make_fixtures.py names is made with packages that nothing else there needs.
const profiles = { 'sb3-exports': 'peers', 'keras-exports': 'keras', frames: 'frames' };

await runScript(async (argv) => {
  const python = await ensurePython(repositoryRoot, profiles[argv[0]] ?? 'fixtures');
  const script = path.join(repositoryRoot, 'scripts', 'make_fixtures.py');
  return runInherited(python, [script, ...(argv.length === 0 ? ['all'] : argv)], {
    cwd: repositoryRoot,
    what: 'make_fixtures.py',
  });
});
