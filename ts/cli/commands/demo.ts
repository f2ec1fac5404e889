import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { runDemo } from '../../demo/run.js';
import { demoTable } from '../../demo/table.js';
import { writeFileAtomically } from '../../formats/atomic.js';
import { fileError } from '../../formats/files.js';
import { addCommonOptions, wholeNumber } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly episodes: number;
  readonly seed: number;
  readonly steps: number;
  readonly report: string;
  readonly threads?: number;
}

const models = fileURLToPath(new URL('../../../../models/', import.meta.url));

const examples = `
Examples:
  $ npm start
  $ spiq demo --episodes 20 --report report.html`;

export function define(command: Command, terminal: Terminal): void {
  addCommonOptions(
    command
      .option('--episodes <n>', 'episodes for each network', wholeNumber, 100)
      .option('-T, --steps <n>', 'simulation time in play', wholeNumber, 100)
      .option(
        '--report <file>',
        'where the HTML report goes',
        path.join('spiq-report', 'index.html'),
      )
      .option('--seed <n>', 'episode k is reset with seed + k', wholeNumber, 0)
      .addHelpText('after', examples),
  ).action(async (flags: Flags) => run(flags, terminal));
}

async function run(flags: Flags, terminal: Terminal): Promise<void> {
  let progress = terminal.progress('import');
  const { report, ...rest } = flags;
  const [network, calibration] = ['cartpole-dqn.onnx', 'cartpole-dqn.calibration.npz'];
  const shown = (file: string): string => path.relative(process.cwd(), path.join(models, file));
  const result = await runDemo({
    ...rest,
    network: path.join(models, network),
    calibration: path.join(models, calibration),
    shownNetwork: shown(network),
    shownCalibration: shown(calibration),
    signal: terminal.signal,
    onStage: (stage) => {
      progress.end();
      progress = terminal.progress(stage);
    },
    onProgress: (done, total) => {
      progress.update(done, total);
    },
  }).finally(() => {
    progress.end();
  });
  // Drawing takes echarts half a second to load: only here, when there is something to draw.
  const { demoReport } = await import('../../demo/report.js');
  makeFolder(path.dirname(path.resolve(report)));
  writeFileAtomically(report, new TextEncoder().encode(demoReport(result)));
  terminal.result({ ...result, report }, () => `${demoTable(result)}\n\nReport: ${report}`);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw fileError(folder, 'make the folder', cause);
  }
}
