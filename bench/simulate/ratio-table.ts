import { table } from '../../ts/cli/table.js';
import { comparisons } from './outcome.js';
import type { Outcome } from './outcome.js';
import { peers } from './peers.js';

/** Rates of everybody, ratios against their targets, and everything that did not work. */
export function report(outcomes: readonly Outcome[]): string {
  return [rateTable(outcomes), ratioTable(outcomes), remarks(outcomes)]
    .filter(Boolean)
    .join('\n\n');
}

const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

function rateTable(outcomes: readonly Outcome[]): string {
  const names = ['spiq', ...peers.map(({ name }) => name)].filter((name) =>
    outcomes.some(({ spread }) => spread[name] !== undefined),
  );
  const rows = outcomes.map(({ name, spread }) => [
    name,
    ...names.map((side) => {
      const measured = spread[side];
      if (measured === undefined) return '–';
      return `${short(measured.median)} (${short(measured.low)}..${short(measured.high)})`;
    }),
  ]);
  return table(['observations/s: median (min..max)', ...names], rows);
}

export function ratioTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes
    .flatMap(comparisons)
    .map(({ trial, against, ratio, target }) => [
      trial,
      against,
      ratio === null ? '–' : `${short(ratio)}×`,
      `${short(target)}×`,
      ratio === null ? 'not measured' : ratio >= target ? 'reached' : 'missed',
    ]);
  return table(['ratio', 'to', 'measured', 'target', ''], rows);
}

function remarks(outcomes: readonly Outcome[]): string {
  const problems = outcomes.flatMap(({ name, errors }) =>
    Object.entries(errors).map(([who, message]) => `FAILED ${name}: ${who}: ${message}`),
  );
  const activities = outcomes
    .filter(({ activity }) => activity.length > 0)
    .map(({ name, activity }) => `${name}: ${activity.map((share) => share.toFixed(3)).join(' ')}`);
  const ran = new Set(outcomes.flatMap(({ spread }) => Object.keys(spread)));
  const notes = peers
    .filter(({ name, note }) => note !== undefined && ran.has(name))
    .map(({ name, note }) => `${name}: ${note}`);
  return [
    ...problems,
    ...(activities.length > 0 ? ['spikes for each unit and step, by hidden layer:'] : []),
    ...activities,
    ...notes,
  ].join('\n');
}
