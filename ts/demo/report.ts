import { basename } from 'node:path';
import { renderReport } from '../report/render.js';
import type { Block } from '../report/report.js';
import { comparison } from './comparison.js';
import {
  activityFigure,
  agreementFigure,
  learningFigure,
  rasterFigure,
  returnsFigure,
} from './figures.js';
import { decimal, percent, significant } from './format.js';
import type { DemoResult } from './result.js';

/** The page that `npm start` writes. */
export function demoReport(result: DemoResult): string {
  const { play, network, machine } = result;
  return renderReport({
    title: `${play.environment}: from a float network to spikes`,
    subtitle: `${basename(network.file)} was read, checked, turned into a network of integrate-and-fire neurons and set to play ${decimal(play.spiking.returns.length, 0)} episodes beside the original.`,
    blocks: [
      highlights(result),
      ...learning(result),
      { kind: 'heading', text: 'How they play' },
      playTable(result),
      returnsFigure(result),
      { kind: 'heading', text: 'How the spiking network gets there' },
      agreementFigure(result),
      activityFigure(result),
      rasterFigure(result),
      { kind: 'heading', text: 'What was done' },
      ...whatWasDone(result),
      { kind: 'heading', text: 'Do it by hand' },
      { kind: 'commands', items: result.commands },
    ],
    footer: `spiq ${machine.spiqVersion} · Node.js ${machine.nodeVersion} · ${machine.cpu}, ${threads(machine.threads)}, ${machine.isa} · ${machine.date}`,
  });
}

function learning({ training }: DemoResult): Block[] {
  if (training === undefined) return [];
  return [{ kind: 'heading', text: 'How it learnt' }, learningFigure(training)];
}

function highlights({ play, simulation }: DemoResult): Block {
  const { float, spiking } = play;
  return {
    kind: 'highlights',
    items: [
      {
        label: 'Return, float',
        value: decimal(float.mean, 1),
        note: errorNote(float.standardError),
      },
      {
        label: 'Return, spiking',
        value: decimal(spiking.mean, 1),
        note: errorNote(spiking.standardError),
      },
      { label: 'Same action', value: percent(spiking.similarity), note: 'as the float network' },
      {
        label: 'Spikes',
        value: decimal(simulation.spikesPerObservation, 0),
        note: 'per observation',
      },
    ],
  };
}

function errorNote(standardError: number | null): string {
  return standardError === null ? 'one episode' : `± ${decimal(standardError, 1)} std. error`;
}

function playTable(result: DemoResult): Block {
  const { columns, rows } = comparison(result);
  const { play } = result;
  const lastSeed = play.seed + play.float.returns.length - 1;
  return {
    kind: 'table',
    caption: `${play.environment}, at most ${decimal(play.maxSteps, 0)} steps an episode, seeds ${play.seed} to ${lastSeed}`,
    columns: [
      { title: columns[0] },
      { title: columns[1], numeric: true },
      { title: columns[2], numeric: true },
    ],
    rows,
  };
}

function whatWasDone({ training, network, conversion, simulation, machine }: DemoResult): Block[] {
  const { check } = network;
  const method =
    conversion.percentile === undefined
      ? conversion.method
      : `${conversion.method}, percentile ${conversion.percentile}`;
  return [
    {
      kind: 'facts',
      rows: [
        ...trainingFacts(training),
        ['Network file', network.file],
        [
          'Layers',
          `${network.units.join(' – ')} units, ${decimal(network.parameters, 0)} parameters`,
        ],
        [
          'Check',
          `largest deviation from onnxruntime ${check.runtimeVersion} on ${decimal(check.observations, 0)} observations: ${significant(check.largestDeviation)}`,
        ],
        [
          'Conversion',
          `${method}; calibrated on ${decimal(conversion.calibrationRows, 0)} observations`,
        ],
        [
          'Simulation',
          `${simulation.semantics} semantics, ${decimal(simulation.steps, 0)} steps, ${simulation.encoding} encoding, ${simulation.decoding} decoding`,
        ],
        ['Machine', `${machine.cpu}, ${threads(machine.threads)}, ${machine.isa}`],
      ],
    },
    {
      kind: 'table',
      caption: 'Scale of each layer: the activation that the conversion made 1',
      columns: [
        { title: 'layer' },
        { title: 'units', numeric: true },
        { title: 'scale', numeric: true },
      ],
      rows: conversion.layers.map(({ name, units, scale }) => [
        name,
        decimal(units, 0),
        decimal(scale, 3),
      ]),
    },
  ];
}

function trainingFacts(training: DemoResult['training']): [string, string][] {
  if (training === undefined) return [];
  const { experiment, returns, steps, updates, seconds } = training;
  const counts = `${decimal(returns.length, 0)} episodes, ${decimal(steps, 0)} steps, ${decimal(updates, 0)} updates`;
  return [['Training', `${experiment}: ${counts} in ${decimal(seconds, 1)} seconds`]];
}

function threads(count: number): string {
  return count === 1 ? '1 thread' : `${count} threads`;
}
