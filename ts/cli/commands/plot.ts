import { Option } from 'commander';
import type { Command } from 'commander';
import { writeFileAtomically } from '../../formats/atomic.js';
import { bands, learningCurves, readSources } from '../../plot/index.js';
import type { Band, Curves } from '../../plot/index.js';
import { nameOf } from '../../plot/words.js';
import type { PhaseName } from '../../run/index.js';
import { checkEnding } from '../networks.js';
import { addCommonOptions, wholeNumber } from '../options.js';
import { short, table } from '../table.js';
import type { Terminal } from '../terminal.js';

interface Flags {
  readonly output?: string;
  readonly fields?: string[];
  readonly x?: string;
  readonly window: number;
  readonly band: Band;
  readonly group: string;
  readonly phases?: string[];
  readonly episodes?: boolean;
  readonly title?: string;
}

const examples = `
A source is a run's folder, a folder of runs, or a CSV file, spiq's or simple_dqn's. Runs of one group become one
curve: their mean, and a band around it. A file that ends in .svg holds all panels side by side, one that ends in
.html is a page with the numbers beside them.

Examples:
  $ spiq plot runs/cart-pole -o curves.svg
  $ spiq plot runs/new runs/old --fields average_reward --window 5 --x total_train_steps -o curves.html
  $ spiq plot runs/cart-pole --episodes --window 20 --band error -o returns.svg`;

const list = (text: string): string[] => text.split(',').map((name) => name.trim());

export function define(command: Command, terminal: Terminal): void {
  const base = command
    .argument('<source...>', "run's folder, folder of runs, or CSV file")
    .option('-o, --output <file>', 'write the figure, .svg or .html')
    .option(
      '--fields <names>',
      'columns to draw, a panel each (default: average_reward,meanq,nr_games,meancost)',
      list,
    )
    .option('--x <name>', 'column to draw them against (default: epoch)')
    .option('--window <n>', 'mean over so many rows, itself and those before it', wholeNumber, 1)
    .addOption(
      new Option('--band <kind>', 'around the mean of several runs')
        .choices(bands)
        .default('range'),
    )
    .option('--group <by>', 'what makes runs one curve: name, run or a parameter', 'name')
    .option('--phases <names>', 'random, train, test, play (default: all of a single group)', list)
    .option('--episodes', 'draw episodes.csv: return against episode, unless told otherwise')
    .option('--title <text>', 'over the figure');
  addCommonOptions(base)
    .addHelpText('after', examples)
    .action(async (names: string[], flags: Flags) => run(names, flags, terminal));
}

async function run(names: readonly string[], flags: Flags, terminal: Terminal): Promise<void> {
  const { output, fields, x, window, band, group, episodes = false } = flags;
  if (output !== undefined) checkEnding(output, ['.svg', '.html'], 'output file');
  const sources = readSources(names, { group, episodes });
  const curves = learningCurves(sources, {
    ...(fields !== undefined && { fields }),
    ...(x !== undefined && { x }),
    ...(flags.phases !== undefined && { phases: flags.phases as PhaseName[] }),
    window,
    band,
  });
  for (const field of curves.empty) terminal.note(`no row has a value for ${field}: left out`);
  if (output !== undefined) await write(output, curves, sources[0]!.group, flags, terminal);
  const value = { sources: sources.map(({ file, group: of }) => ({ file, group: of })), ...curves };
  terminal.result({ ...value, ...(output !== undefined && { output }) }, () => {
    const end = output === undefined ? '' : `\nwritten to ${output}`;
    return `${summary(curves)}${end}`;
  });
}

async function write(
  output: string,
  curves: Curves,
  firstGroup: string,
  flags: Flags,
  terminal: Terminal,
): Promise<void> {
  const footer = `spiq ${await terminal.version()}`;
  // Only here, since the drawing library is slow to load.
  const { curvesPage, curvesSvg } = await import('../../plot/page.js');
  const groups = new Set(
    curves.panels.flatMap((panel) => panel.curves.map((curve) => curve.group)),
  );
  const title = flags.title ?? (groups.size === 1 ? firstGroup : 'Learning curves');
  const draw = output.endsWith('.svg') ? curvesSvg : curvesPage;
  writeFileAtomically(output, new TextEncoder().encode(draw(curves, { title, footer })));
}

function summary({ x, panels }: Curves): string {
  const rows = panels.flatMap(({ field, curves }) =>
    curves.map((curve) => {
      const last = curve.points.at(-1)!;
      const best = Math.max(...curve.points.map(({ mean }) => mean));
      const name = `${field}: ${nameOf(curve, curves)}`;
      const spread = `${short(last.low)}..${short(last.high)}`;
      return [name, String(curve.runs), short(last.x), short(last.mean), spread, short(best)];
    }),
  );
  return table(['curve', 'runs', x, 'last', 'band', 'largest'], rows);
}
