import type { Command } from 'commander';
import { diagnoseBackends } from '../../bridge/diagnose.js';
import { diagnose } from '../../doctor.js';
import { engineInfo } from '../../info.js';
import { addCommonOptions } from '../options.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

const example = `
Example:
  $ spiq doctor --json`;

export function define(command: Command, terminal: Terminal): void {
  addCommonOptions(command.addHelpText('after', example)).action(async () => {
    const findings = [...(await diagnose()), ...(await diagnoseBackends())];
    terminal.result({ engine: engineInfo(), findings }, () => {
      const rows = findings.map(({ what, usable }) => [what, usable ? 'yes' : 'no']);
      const details = ['detail', ...findings.map(({ detail }) => detail)];
      const lines = table(['part', 'usable'], rows).split('\n');
      return lines.map((line, index) => `${line}  ${details[index]!}`).join('\n');
    });
  });
}
