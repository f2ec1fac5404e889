import { table } from '../../ts/cli/table.js';
import { comparisons } from './outcome.js';
import type { Outcome } from './outcome.js';
import type { Peer } from './peer.js';

/** Rates of everybody, ratios against their targets, and everything that did not work. */
export function report(outcomes: readonly Outcome[], peers: readonly Peer[]): string {
  return [rateTable(outcomes, peers), ratioTable(outcomes), remarks(outcomes, peers)]
    .filter(Boolean)
    .join('\n\n');
}

const short = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

function rateTable(outcomes: readonly Outcome[], peers: readonly Peer[]): string {
  const names = ['spiq', ...peers.map(({ name }) => name)].filter((name) =>
    outcomes.some(({ spread }) => spread[name] !== undefined),
  );
  const rows = outcomes.map(({ name, unit, spread }) => [
    `${name}, ${unit}`,
    ...names.map((side) => {
      const measured = spread[side];
      if (measured === undefined) return '–';
      return `${short(measured.median)} (${short(measured.low)}..${short(measured.high)})`;
    }),
  ]);
  return table(['median (min..max)', ...names], rows);
}

function verdict(ratio: number | null, target: number | null): string {
  if (ratio === null) return 'not measured';
  if (target === null) return 'no target';
  return ratio >= target ? 'reached' : 'missed';
}

export function ratioTable(outcomes: readonly Outcome[]): string {
  const rows = outcomes
    .flatMap(comparisons)
    .map(({ trial, against, ratio, target }) => [
      trial,
      against,
      ratio === null ? '–' : `${short(ratio)}×`,
      target === null ? '–' : `${short(target)}×`,
      verdict(ratio, target),
    ]);
  return table(['ratio', 'to', 'measured', 'target', ''], rows);
}

function remarks(outcomes: readonly Outcome[], peers: readonly Peer[]): string {
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
