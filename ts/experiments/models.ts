import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gameViews } from '../env/games/index.js';
import type { GameOptions, GameView } from '../env/games/index.js';
import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import { readFileBytes } from '../formats/files.js';
import type { SimulationOptions } from '../simulator.js';

/** Where trained networks lie, as seen from dist/ts/experiments. */
const folder = fileURLToPath(new URL('../../../models/', import.meta.url));
const format = 'spiq-model';
const version = 1;

/** A trained network that comes with spiq, and how it plays; `models/NAME.json`. */
export interface Model {
  readonly name: string;
  /** The network's file. */
  readonly file: string;
  readonly environment: ModelEnvironment;
  /** What its outputs stand for. */
  readonly actions: readonly string[];
  /** Share of random actions of its scores. */
  readonly epsilon: number;
  /** Of spiking networks: how they were trained to be simulated. */
  readonly simulation: SimulationOptions | undefined;
}

export interface ModelEnvironment extends Required<
  Pick<GameOptions, 'frameSkip' | 'stickyActions' | 'noops' | 'fullActions'>
> {
  readonly name: string;
  readonly view: GameView;
  /** Observations that are seen together. */
  readonly history: number;
  readonly maxSteps: number;
}

export function modelNames(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json') && isModel(path.join(folder, name)))
    .map((name) => path.basename(name, '.json'));
}

/** The model of this name; undefined where there is none. */
export function findModel(name: string): Model | undefined {
  const file = path.join(folder, `${name}.json`);
  if (!/^[\w-]+$/.test(name) || !existsSync(file) || !isModel(file)) return undefined;
  return readModel(name, file);
}

function isModel(file: string): boolean {
  return (parsed(file) as { readonly format?: unknown }).format === format;
}

function parsed(file: string): object {
  const value: unknown = JSON.parse(new TextDecoder().decode(readFileBytes(file)));
  if (typeof value === 'object' && value !== null) return value;
  throw mismatch('E_FORMAT', file, 'a JSON object', value);
}

function readModel(name: string, file: string): Model {
  const what = `model ${name}`;
  const fields = new Fields(parsed(file), what);
  const written = fields.count('version');
  if (written > version)
    throw mismatch('E_VERSION', `${what}: version`, `at most ${version}`, written);
  const network = path.join(folder, fields.string('network'));
  if (!existsSync(network))
    throw mismatch('E_FILE', what, `its network ${network}`, phrase('none'));
  const play = new Fields(fields.raw('play'), `${what}: play`);
  const simulation = play.raw('simulation');
  return {
    name,
    file: network,
    environment: readEnvironment(fields.raw('environment'), `${what}: environment`),
    actions: fields.strings('actions'),
    epsilon: play.number('epsilon'),
    simulation: simulation as SimulationOptions | undefined,
  };
}

function readEnvironment(value: unknown, what: string): ModelEnvironment {
  const fields = new Fields(value, what);
  const noops = new Fields(fields.raw('noops'), `${what}: noops`);
  return {
    name: fields.string('name'),
    view: fields.oneOf('view', gameViews),
    history: fields.count('history'),
    frameSkip: fields.count('frameSkip'),
    stickyActions: fields.number('stickyActions'),
    noops: { least: noops.count('least'), most: noops.count('most') },
    fullActions: fields.boolean('fullActions'),
    maxSteps: fields.count('maxSteps'),
  };
}
