import { scoreAt } from '../analysis/comparison.js';
import type { ComparedMethod, MethodComparison } from '../analysis/comparison.js';
import { judgedBy, orDash, picojoulesPerNanojoule, scoreText } from '../analysis/words.js';
import { decimal, percent, significant } from '../demo/format.js';
import { table } from './table.js';

/** The ranking and the best method's layers for a terminal: aligned columns of plain text. */
export function comparisonText(comparison: MethodComparison): string {
  const [best] = comparison.methods as [ComparedMethod];
  return [ranking(comparison), remarks(comparison), layers(best)].join('\n\n');
}

function ranking(comparison: MethodComparison): string {
  const { methods, times, steps, float } = comparison;
  const header = [
    judgedBy(comparison).title.toLowerCase(),
    ...times.map((time) => `T = ${decimal(time, 0)}`),
    'error',
    'spikes',
    'nJ',
    'suggested T',
  ];
  const rows = methods.map((one) => [
    one.method,
    ...one.scores.map(scoreText),
    orDash(scoreAt(one, steps).relativeError, (error) => percent(error, 2)),
    significant(one.cost.spikes),
    significant(one.cost.energy.spiking / picojoulesPerNanojoule),
    orDash(one.suggestedSteps, (time) => decimal(time, 0)),
  ]);
  const accuracy = orDash(float.accuracy, (share) => percent(share, 2));
  const floatRow = [
    'float network',
    ...times.map(() => accuracy),
    '–',
    '–',
    significant(float.energy / picojoulesPerNanojoule),
    '–',
  ];
  return table(header, [...rows, floatRow]);
}

function remarks({ calibrationRows, testRows, heldBack, steps }: MethodComparison): string {
  const test = heldBack ? 'held back from them' : 'of their own';
  return `calibrated on ${decimal(calibrationRows, 0)} rows, scored on ${decimal(testRows, 0)} ${test}; ranked at T = ${decimal(steps, 0)}, as error, spikes and energy are`;
}

function layers({ method, layers: all }: ComparedMethod): string {
  const header = ['correlation', 'mean error', 'spikes', 'dead', 'saturated', 'clipped'];
  const whole = (count: number | null): string => orDash(count, (value) => decimal(value, 0));
  const rows = all.map((layer) => [
    layer.name,
    orDash(layer.correlation, (value) => decimal(value, 4)),
    significant(layer.meanError),
    orDash(layer.spikes, significant),
    whole(layer.deadChannels),
    whole(layer.saturatedChannels),
    orDash(layer.clippedShare, (share) => percent(share, 2)),
  ]);
  return table([`layers of ${method}`, ...header], rows);
}
