import { decimal, percent } from '../demo/format.js';
import type { Figure } from '../report/report.js';
import { scoreAt } from './comparison.js';
import type { ComparedMethod, MethodComparison } from './comparison.js';
import { judgedBy, picojoulesPerNanojoule, scoreOf, scoreText } from './words.js';

/** As many lines as have colours of their own. */
const mostLines = 6;
/** Bars side by side for each layer. */
const mostBars = 3;

/** The score against T. */
export function scoreFigure(comparison: MethodComparison): Figure {
  const { times, methods, testRows } = comparison;
  const { title, rises } = judgedBy(comparison);
  const shown = methods.slice(0, mostLines);
  const values = shown.flatMap(({ scores }) => scores.map((score) => scoreOf(score) ?? 0));
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const range = rises ? { min: Math.floor(least * 10) / 10, max: Math.max(1, most) } : { min: 0 };
  const ends = shown.map(({ method, scores }) => `${method} ${scoreText(scores.at(-1)!)}`);
  const last = decimal(times.at(-1)!, 0);
  return {
    kind: 'figure',
    title: `${title} against simulation time`,
    caption: `${title} on ${decimal(testRows, 0)} observations against the number of simulation steps T${only(methods.length, mostLines)}.`,
    description: `Line chart of ${title.toLowerCase()} against simulation steps; at T = ${last}: ${ends.join(', ')}.`,
    chart: {
      kind: 'line',
      x: { title: 'simulation steps T', scale: 'log', ticks: times, ...extent(times) },
      y: { title: title.toLowerCase(), percent: true, ...range },
      series: shown.map(({ method, scores }) => ({
        name: method,
        points: scores.flatMap((score) => {
          const value = scoreOf(score);
          return value === null ? [] : [[score.steps, value] as const];
        }),
      })),
    },
  };
}

function extent(times: readonly number[]): { min?: number; max?: number } {
  const [min, max] = [times[0]!, times.at(-1)!];
  return min === max ? {} : { min, max };
}

/** The correlation of each layer, of the best methods. */
export function layerFigure({ methods, steps }: MethodComparison): Figure {
  const shown = methods.slice(0, mostBars);
  const [best] = shown as [ComparedMethod];
  const names = best.layers.map(({ name }) => name);
  const values = shown.map(({ layers }) =>
    names.map((name) => layers.find((layer) => layer.name === name)?.correlation ?? 0),
  );
  const least = Math.min(0, ...values.flat());
  const said = names.map((name, k) => `${name} ${decimal(values[0]![k]!, 3)}`);
  return {
    kind: 'figure',
    title: 'Correlation of rate and activation',
    caption: `Pearson’s correlation, over the units of a layer and the observations, of what the firing rate at T = ${decimal(steps, 0)} stands for with the float network’s activation; of the last layer, of its output${only(methods.length, mostBars)}.`,
    description: `Bar chart of correlations by layer, of ${best.method}: ${said.join(', ')}.`,
    chart: {
      kind: 'bar',
      horizontal: true,
      categoryTitle: 'layer',
      categories: names,
      y: { title: 'correlation', min: Math.floor(least * 10) / 10, max: 1 },
      series: shown.map(({ method }, k) => ({ name: method, values: values[k]! })),
    },
  };
}

/** Energy of the arithmetic, of each method beside the float network's. */
export function energyFigure({ methods, float, steps }: MethodComparison): Figure {
  const nanojoules = (picojoules: number): number => picojoules / picojoulesPerNanojoule;
  const names = ['float network', ...methods.map(({ method }) => method)];
  const values = [float.energy, ...methods.map(({ cost }) => cost.energy.spiking)].map(nanojoules);
  const said = names.map((name, k) => `${name} ${Number(values[k]!.toPrecision(3))} nJ`);
  const scores = methods.map((one) => scoreText(scoreAt(one, steps)));
  const [best = percent(0)] = scores;
  return {
    kind: 'figure',
    title: 'Energy of the arithmetic',
    caption: `Nanojoules for one observation at T = ${decimal(steps, 0)}, in the order of the ranking (best: ${best}). It grows in step with T.`,
    description: `Bar chart of energies: ${said.join(', ')}.`,
    chart: {
      kind: 'bar',
      horizontal: true,
      categoryTitle: 'network',
      categories: names,
      y: { title: 'nJ for one observation', min: 0 },
      series: [{ name: 'energy', values }],
    },
  };
}

function only(count: number, most: number): string {
  return count > most ? `, of the best ${most} methods` : '';
}
