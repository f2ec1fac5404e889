import { spawnSync } from 'node:child_process';
import { SetupFailure } from './failure.mjs';

// The names come one a line on stdin; a package that is not there is said to be absent.
const program = `
import importlib.metadata, json, sys

def version(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return 'absent'

print(json.dumps({'python': sys.version.split()[0], **{name: version(name) for name in sys.stdin.read().split()}}))
`;

/** The versions that `python` has of the packages in the text of a requirements file, and its own. */
export function packageVersions(python, requirements) {
  const names = requirements
    .split('\n')
    .map((line) => /^([\w.-]+)==/.exec(line)?.[1])
    .filter((name) => name !== undefined);
  const { status, stdout, stderr, error } = spawnSync(python, ['-c', program], {
    input: names.join('\n'),
    encoding: 'utf8',
  });
  if (status === 0) return JSON.parse(stdout);
  throw new SetupFailure(`${python} did not say its packages: ${error?.message ?? stderr.trim()}.`);
}
