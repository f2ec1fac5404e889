import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Command } from 'commander';
import { runDemo } from '../../demo/run.js';
import { demoTable } from '../../demo/table.js';
import { mismatch, phrase } from '../../errors.js';
import { writeFileAtomically } from '../../formats/atomic.js';
import { fileError } from '../../formats/files.js';
import { addCommonOptions, wholeNumber } from '../options.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly episodes: number;
  readonly seed: number;
  readonly steps: number;
  readonly report: string;
  readonly network?: string;
  readonly calibration?: string;
  readonly threads?: number;
}

const examples = `
Examples:
  $ npm start
  $ spiq demo --episodes 20 --report report.html
  $ spiq demo --network models/cartpole-dqn.onnx --calibration models/cartpole-dqn.calibration.npz`;

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
      .option(
        '--network <file>',
        'ONNX file of a network that plays CartPole, in place of training one',
      )
      .option('--calibration <file>', 'observations for it: .npz')
      .option(
        '--seed <n>',
        'seed of the training; episode k is reset with seed + k',
        wholeNumber,
        0,
      )
      .addHelpText('after', examples),
  ).action(async (flags: Flags) => run(flags, terminal));
}

async function run(flags: Flags, terminal: Terminal): Promise<void> {
  let progress = terminal.progress('train');
  const { report, network, calibration, ...rest } = flags;
  if ((network === undefined) !== (calibration === undefined)) {
    const received = network === undefined ? '--calibration alone' : '--network alone';
    throw mismatch('E_USAGE', 'demo', '--network and --calibration together', phrase(received));
  }
  const folder = path.dirname(path.resolve(report));
  makeFolder(folder);
  const result = await runDemo({
    ...rest,
    folder,
    ...(network !== undefined && calibration !== undefined && { given: { network, calibration } }),
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
