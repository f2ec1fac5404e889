import type { Figure } from '../report/report.js';
import { decimal, percent } from './format.js';
import { histogram } from './histogram.js';
import type { DemoResult, DemoTraining } from './result.js';

const semanticsNames = {
  direct: 'direct (no latency between layers)',
  dsqn: 'dsqn, converted as published (robust)',
} as const;

export function agreementFigure({ agreement }: DemoResult): Figure {
  const { curves, observations } = agreement;
  const points = curves.flatMap((curve) => curve.points);
  const steps = [...new Set(points.map((point) => point.steps))].sort((a, b) => a - b);
  const lowest = points.reduce((least, { share }) => Math.min(least, share), 1);
  const ends = curves.map(({ semantics, points }) => {
    const last = points.at(-1);
    return last === undefined
      ? semantics
      : `${semantics} ${percent(last.share)} at T = ${last.steps}`;
  });
  return {
    kind: 'figure',
    title: 'Agreement against simulation time',
    caption: `Share of ${decimal(observations, 0)} observations on which the spiking network picks the float network's action, against the number of simulation steps T.`,
    description: `Line chart of agreement against simulation steps; ${ends.join(', ')}.`,
    chart: {
      kind: 'line',
      x: { title: 'simulation steps T', scale: 'log', ticks: steps, ...logRange(steps) },
      y: {
        title: 'same action as the float network',
        percent: true,
        min: Math.floor(lowest * 10) / 10,
        max: 1,
      },
      series: curves.map(({ semantics, points }) => ({
        name: semanticsNames[semantics],
        points: points.map((point) => [point.steps, point.share] as const),
      })),
    },
  };
}

/** Episodes whose mean the learning curve shows. */
const smoothing = 20;

export function learningFigure({ returns, validations, seconds }: DemoTraining): Figure {
  const means = returns.map((_, episode) => {
    const window = returns.slice(Math.max(0, episode + 1 - smoothing), episode + 1);
    return [episode + 1, window.reduce((sum, value) => sum + value, 0) / window.length] as const;
  });
  const greedy = validations.map(({ episode, mean }) => [episode + 1, mean] as const);
  return {
    kind: 'figure',
    title: 'Learning curve of the float network',
    caption: `Return of the episodes of training, mean of the last ${smoothing}, and of greedy episodes that were played now and then to choose the network. It took ${decimal(seconds, 1)} seconds.`,
    description: `Line chart of returns against episodes; ${decimal(returns.length, 0)} episodes, the last greedy mean ${decimal(greedy.at(-1)?.[1] ?? 0, 1)}.`,
    chart: {
      kind: 'line',
      x: { title: 'episode', min: 1 },
      y: { title: 'return', min: 0 },
      series: [
        { name: `training, mean of ${smoothing}`, points: means },
        { name: 'greedy', points: greedy },
      ],
    },
  };
}

/** From the first to the last tick, where there are two; the axis needs some extent. */
function logRange(ticks: readonly number[]): { min?: number; max?: number } {
  const [min, max] = [ticks[0], ticks.at(-1)];
  return min === undefined || max === undefined || min === max ? {} : { min, max };
}

export function activityFigure({ activity }: DemoResult): Figure {
  const totals = activity.layers.map(
    ({ name, spikesPerStep }) =>
      `${name} ${decimal(
        spikesPerStep.reduce((a, b) => a + b, 0),
        1,
      )}`,
  );
  return {
    kind: 'figure',
    title: 'Spikes of each layer over time',
    caption: `Spikes of the whole layer in each step, mean over ${decimal(activity.observations, 0)} observations.`,
    description: `Line chart of spikes per step; in all steps together: ${totals.join(', ')}.`,
    chart: {
      kind: 'line',
      x: { title: 'step', min: 1 },
      y: { title: 'spikes per step', min: 0 },
      series: activity.layers.map(({ name, spikesPerStep }) => ({
        name,
        points: spikesPerStep.map((spikes, step) => [step + 1, spikes] as const),
      })),
    },
  };
}

export function returnsFigure({ play }: DemoResult): Figure {
  const { labels, shares } = histogram([play.float.returns, play.spiking.returns]);
  const [floatShares = [], spikingShares = []] = shares;
  return {
    kind: 'figure',
    title: 'Returns of the episodes',
    caption: `Share of episodes by return. Both networks start from the same ${play.float.returns.length} initial states; an episode lasts at most ${decimal(play.maxSteps, 0)} steps.`,
    description: `Histogram of returns: mean ${decimal(play.float.mean, 1)} for the float and ${decimal(play.spiking.mean, 1)} for the spiking network.`,
    chart: {
      kind: 'bar',
      categoryTitle: 'return of an episode',
      categories: labels,
      y: { title: 'share of episodes', percent: true, min: 0 },
      series: [
        { name: 'float network', values: floatShares },
        { name: 'spiking network', values: spikingShares },
      ],
    },
  };
}

export function rasterFigure({ raster, simulation }: DemoResult): Figure {
  const observation = raster.observation.map((value) => Number(value.toPrecision(3))).join(', ');
  const counts = raster.layers.map(({ name, spikes }) => `${name} ${spikes.length}`);
  const verdict =
    raster.floatAction === raster.spikingAction
      ? `Both networks choose action ${raster.floatAction}.`
      : `The float network chooses action ${raster.floatAction}, the spiking one ${raster.spikingAction}.`;
  return {
    kind: 'figure',
    title: 'One observation, spike by spike',
    caption: `Each mark is a spike, each row a neuron, for the observation (${observation}). ${verdict}`,
    description: `Spike raster of one observation; number of spikes: ${counts.join(', ')}.`,
    chart: {
      kind: 'raster',
      x: { title: 'step' },
      steps: simulation.steps,
      groups: raster.layers.map(({ name, neurons, spikes }) => ({
        name,
        size: neurons,
        events: spikes,
      })),
    },
  };
}
