import type { Command } from 'commander';
import type { Terminal } from './terminal.js';

export interface CommandFile {
  define(command: Command, terminal: Terminal): void;
}

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<CommandFile>;
}

export const commands: readonly Entry[] = [
  {
    name: 'convert',
    summary: 'turn a float network into a spiking one',
    load: async () => import('./commands/convert.js'),
  },
  {
    name: 'simulate',
    summary: 'run a spiking network on recorded observations',
    load: async () => import('./commands/simulate.js'),
  },
  {
    name: 'export',
    summary: 'write a network for other tools: NIR, PyTorch weights, ONNX, npz',
    load: async () => import('./commands/export.js'),
  },
  {
    name: 'train',
    summary: 'train a float or spiking network: published experiments, and ours',
    load: async () => import('./commands/train.js'),
  },
  {
    name: 'test',
    summary: 'let a float or spiking network play an environment',
    load: async () => import('./commands/test.js'),
  },
  {
    name: 'plot',
    summary: 'draw learning curves of runs',
    load: async () => import('./commands/plot.js'),
  },
  {
    name: 'bridge',
    summary: 'run a spiking network in NEST, PyNN, Brian2 or on SpiNNaker',
    load: async () => import('./commands/bridge.js'),
  },
  {
    name: 'compare',
    summary: 'the same observations in several simulators, and where they differ',
    load: async () => import('./commands/compare.js'),
  },
  {
    name: 'setup',
    summary: 'make the Python environment of a back end',
    load: async () => import('./commands/setup.js'),
  },
  {
    name: 'doctor',
    summary: 'say what this machine and installation can do',
    load: async () => import('./commands/doctor.js'),
  },
  {
    name: 'demo',
    summary: 'the whole path on CartPole, with a table and an HTML report (npm start)',
    load: async () => import('./commands/demo.js'),
  },
];
