import type { Curve, Curves } from './curves.js';

/** What an axis calls a column; other columns go by their own names. */
const titles: Readonly<Record<string, string>> = {
  average_reward: 'mean return of a game',
  meanq: 'mean largest Q-value of held-out states',
  nr_games: 'games',
  meancost: 'mean loss',
  min_game_reward: 'lowest return of a game',
  max_game_reward: 'highest return of a game',
  return_std: 'standard deviation of the returns',
  mean_game_steps: 'steps of a game',
  spikes_per_observation: 'spikes for each observation',
  steps_per_second: 'steps a second',
  accuracy: 'accuracy',
  return: 'return of an episode',
  total_train_steps: 'training steps',
  total_steps: 'training steps',
  total_time: 'seconds of training',
  seconds: 'seconds of training',
};

export const titleOf = (column: string): string => titles[column] ?? column.replaceAll('_', ' ');

export const capitalised = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

/** A curve's name among the others of its panel. */
export function nameOf({ group, phase }: Curve, all: readonly Curve[]): string {
  const several = new Set(all.map((curve) => curve.group)).size > 1;
  const phases = new Set(all.map((curve) => curve.phase)).size > 1;
  if (phase === undefined || (several && !phases)) return group;
  return several ? `${group}, ${phase}` : capitalised(phase);
}

/** How the numbers became curves, in one sentence or more. */
export function methodOf({ window, band, panels }: Curves): string {
  const runs = panels.flatMap(({ curves }) => curves.map((curve) => curve.runs));
  const most = Math.max(...runs);
  const each = Math.min(...runs) === most ? `${most}` : `${Math.min(...runs)} to ${most}`;
  const lines =
    most === 1
      ? 'A single run.'
      : `Lines: mean of ${each} runs, as long as at least half of them have a value.`;
  const shades = { range: 'from the lowest to the highest run', error: 'mean ± standard error' };
  const shade = most === 1 || band === 'none' ? '' : ` Shade: ${shades[band]}.`;
  const smoothed =
    window === 1
      ? ' Nothing is smoothed.'
      : ` Each value is the mean of up to ${window} rows of its run, itself and those before it.`;
  return lines + shade + smoothed;
}
