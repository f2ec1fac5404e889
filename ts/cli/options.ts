import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import { layouts } from '../formats/layout.js';
import { nirProfiles } from '../formats/nir/index.js';
import type { NirProfile } from '../formats/nir/index.js';
import type { SimulationOptions } from '../simulator.js';
import { decodings, encodings, resets, semanticsNames } from '../simulator.js';

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || text.trim() === '') {
    throw new InvalidArgumentError('expected a whole number.');
  }
  return value;
}

export function realNumber(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || text.trim() === '')
    throw new InvalidArgumentError('expected a number.');
  return value;
}

/** `10,32,100`, or a single number. */
export function wholeNumbers(text: string): number[] {
  return text.split(',').map(wholeNumber);
}

/** A number of rows, or all there are. */
export function rowCount(text: string): number {
  return text === 'all' ? Infinity : wholeNumber(text);
}

/** `0,1`: the lower first. */
export function realRange(text: string): [number, number] {
  const [low, high, ...more] = text.split(',').map(realNumber);
  if (low === undefined || high === undefined || more.length > 0) {
    throw new InvalidArgumentError('expected two numbers, low,high.');
  }
  return [low, high];
}

/** Options that every command has. */
export function addCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on stdout')
    .option('--quiet', 'print nothing but errors (and the object of --json)')
    .option('--threads <n>', 'threads to use (default: all cores)', wholeNumber);
}

export function layoutOption(flags: string, description: string): Option {
  return new Option(flags, description).choices(layouts);
}

export interface NirFlags {
  readonly nirProfile?: NirProfile;
  readonly nirDt?: number;
}

/** How a network that is a NIR file is read. */
export function addNirOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--nir-profile <name>', 'read a NIR file as this library means it').choices(
        nirProfiles,
      ),
    )
    .option('--nir-dt <seconds>', 'read a NIR file with steps of this length', realNumber);
}

export interface SimulationFlags {
  readonly steps?: number;
  readonly semantics?: SimulationOptions['semantics'];
  readonly encoding?: SimulationOptions['encoding'];
  readonly decoding?: SimulationOptions['decoding'];
  readonly reset?: SimulationOptions['reset'];
  readonly threshold?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly epsilon?: number;
  readonly biasAsObservation?: boolean;
  readonly twoInputNeurons?: boolean;
  readonly precision?: SimulationOptions['precision'];
  readonly isa?: string;
  readonly threads?: number;
}

export function addSimulationOptions(command: Command): Command {
  return command
    .option(
      '-T, --steps <n>',
      'simulation time in steps, 1 to 10000000 (default: 100)',
      wholeNumber,
    )
    .addOption(
      new Option('--semantics <name>', 'order of events in a step (default: direct)').choices(
        semanticsNames,
      ),
    )
    .addOption(
      new Option('--encoding <name>', 'observation to input (default: constant)').choices(
        encodings,
      ),
    )
    .addOption(
      new Option('--decoding <name>', 'output layer to result (default: potential)').choices(
        decodings,
      ),
    )
    .addOption(
      new Option(
        '--reset <name>',
        "after a spike (default: the network's own, subtraction)",
      ).choices(resets),
    )
    .option('--threshold <x>', "firing threshold (default: the network's own, 1)", realNumber)
    .option('--alpha <x>', "decay of the current (default: the network's own, 0)", realNumber)
    .option('--beta <x>', "decay of the potential (default: the network's own, 1)", realNumber)
    .option('--epsilon <x>', "direct: θ' = θ(1 − ε) (default: the network's own, 1e-5)", realNumber)
    .option('--bias-as-observation', 'append the constant 1 to every observation')
    .option('--two-input-neurons', 'split every input into its positive and negative part')
    .addOption(
      new Option('--precision <name>', 'arithmetic (default: float32)').choices([
        'float32',
        'float64',
      ]),
    )
    .option('--isa <name>', 'instruction set, as `spiq doctor` lists them (default: the best)');
}

const simulationFlags = [
  'steps',
  'semantics',
  'encoding',
  'decoding',
  'reset',
  'threshold',
  'alpha',
  'beta',
  'epsilon',
  'biasAsObservation',
  'twoInputNeurons',
  'precision',
  'isa',
  'threads',
] as const satisfies readonly (keyof SimulationFlags & keyof SimulationOptions)[];

/** The façade's options out of the parsed flags; other flags belong to the command alone. */
export function simulationOptions(flags: SimulationFlags): SimulationOptions {
  const given = simulationFlags
    .map((name) => [name, flags[name]] as const)
    .filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
