import process from 'node:process';
import { parseArgs } from 'node:util';
import { SetupFailure, runScript } from './lib/failure.mjs';
import { repositoryRoot } from './lib/paths.mjs';
import { ensurePython } from './lib/python-env.mjs';
import { setUp, staleSteps } from './lib/setup.mjs';

const usage = `usage: node scripts/setup.mjs [options]
  --build            build the addon and compile TypeScript; install nothing
  --python PROFILE   also make the Python environment .venv/PROFILE
  --dry-run          print what is out of date and do nothing
  --quiet            print errors only
`;

await runScript(async (argv) => {
  const options = parseOptions(argv);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (options['dry-run']) {
    const stale = staleSteps(repositoryRoot);
    process.stdout.write(
      stale.length === 0 ? 'up to date\n' : stale.map((name) => `stale: ${name}\n`).join(''),
    );
    return 0;
  }
  const { quiet } = options;
  await setUp(repositoryRoot, {
    quiet,
    ...(options.build ? { names: ['addon', 'TypeScript'] } : {}),
  });
  if (options.python !== undefined) await ensurePython(repositoryRoot, options.python, { quiet });
  return 0;
});

function parseOptions(argv) {
  try {
    return parseArgs({
      args: argv,
      options: {
        build: { type: 'boolean', default: false },
        python: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new SetupFailure(`${error.message}\n${usage.trimEnd()}`);
  }
}
