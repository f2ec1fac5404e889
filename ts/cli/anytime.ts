import type { Command } from 'commander';
import { argmaxRows } from '../agent/argmax.js';
import { SpiqError } from '../errors.js';
import type { SimulationResult } from '../simulator.js';
import type { AnytimeOptions } from '../simulator/anytime.js';
import { realNumber, wholeNumber } from './options.js';
import { table } from './table.js';

export interface AnytimeFlags {
  readonly anytime?: boolean;
  readonly exitMargin?: number;
  readonly exitPatience?: number;
  readonly exitLeast?: number;
}

interface Agreement {
  readonly steps: number;
  /** Share of the rows whose best output is already that after T. */
  readonly agreement: number;
}

const shownTimes = 10;

export function addAnytimeOptions(command: Command): Command {
  return command
    .option(
      '--anytime',
      `show how often actions agree with those at T, at ${shownTimes} earlier times`,
    )
    .option(
      '--exit-margin <x>',
      'show what ending a row saves once its best output leads by x per step',
      realNumber,
    )
    .option('--exit-patience <n>', 'for so many steps in a row (default: 1)', wholeNumber)
    .option('--exit-least <n>', 'but not before this step (default: 1)', wholeNumber);
}

/** Nothing where no flag asks for it. An early exit is always compared with the full T. */
export function anytimeOf(flags: AnytimeFlags, lastStep: number): AnytimeOptions | undefined {
  const { anytime = false, exitMargin, exitPatience, exitLeast } = flags;
  if (exitMargin === undefined && (exitPatience ?? exitLeast) !== undefined) {
    throw new SpiqError(
      'E_USAGE',
      'simulate: expected --exit-margin X beside --exit-patience and --exit-least, received none',
    );
  }
  if (!anytime && exitMargin === undefined) return undefined;
  const times = Array.from({ length: shownTimes }, (_, i) =>
    Math.max(1, Math.round(((i + 1) * lastStep) / shownTimes)),
  );
  return {
    ...(anytime ? { steps: [...new Set(times)] } : {}),
    ...(exitMargin === undefined
      ? {}
      : {
          exit: {
            margin: exitMargin,
            ...(exitPatience === undefined ? {} : { patience: exitPatience }),
            ...(exitLeast === undefined ? {} : { least: exitLeast }),
            verify: true,
          },
        }),
  };
}

function agreements({ anytime, out, rows }: SimulationResult): Agreement[] {
  const last = argmaxRows(out, rows);
  return (anytime?.steps ?? []).map((steps, i) => {
    const then = argmaxRows(anytime!.out.subarray(i * out.length, (i + 1) * out.length), rows);
    return { steps, agreement: then.filter((action, row) => action === last[row]).length / rows };
  });
}

export function anytimeSummary(result: SimulationResult): object {
  const { exit, rows } = result;
  return {
    ...(result.anytime ? { anytime: agreements(result) } : {}),
    ...(exit
      ? {
          exit: {
            meanSteps: exit.steps.reduce((sum, steps) => sum + steps, 0) / rows,
            saving: exit.saving,
            disagreement: exit.disagreement,
          },
        }
      : {}),
  };
}

/** Lines to print, each table or sentence with a newline before it. */
export function anytimeText(result: SimulationResult, lastStep: number): string {
  const { exit } = result;
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  const lines = agreements(result).map(({ steps, agreement }) => [
    String(steps),
    percent(agreement),
    percent(1 - steps / lastStep),
  ]);
  const shown = result.anytime
    ? `\n${table(['steps', `same action as at T = ${lastStep}`, 'saving'], lines)}`
    : '';
  if (exit === undefined) return shown;
  const used = lastStep * (1 - exit.saving);
  return `${shown}\nearly exit: ${used.toPrecision(4)} of ${lastStep} steps each, saving ${percent(exit.saving)}; another action than at T in ${percent(exit.disagreement ?? 0)} of the rows`;
}
