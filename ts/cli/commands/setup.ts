import { Argument } from 'commander';
import type { Command } from 'commander';
import { pythonProfiles, type PythonProfile } from '../../wire/backends.js';
import { makePython } from '../../wire/python.js';
import { addCommonOptions } from '../options.js';
import type { Terminal } from '../terminal.js';

const examples = `
Makes a Python environment in .venv of the package's folder, or brings it up to date, from the pinned packages of
scripts/requirements. Nothing outside it changes, and no rights are needed beside those to write there.

Examples:
  $ spiq setup nest
  $ spiq setup spinnaker --json`;

export function define(command: Command, terminal: Terminal): void {
  const what = new Argument('<profile>', 'whose packages').choices(pythonProfiles);
  addCommonOptions(command.addArgument(what).addHelpText('after', examples)).action(
    async (profile: PythonProfile) => {
      const python = await makePython(profile, terminal.signal, (text) => {
        if (!terminal.quiet) process.stderr.write(text);
      });
      terminal.result({ profile, python }, () => `${profile}: ${python}`);
    },
  );
}
