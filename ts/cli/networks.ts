import { existsSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import type { Command } from 'commander';
import { mismatch } from '../errors.js';
import { findModel } from '../experiments/models.js';
import type { Model } from '../experiments/models.js';
import type { Layout } from '../formats/layout.js';
import type { OracleCheck } from '../formats/onnx/index.js';
import { Network } from '../network.js';
import { addNirOptions } from './options.js';
import type { NirFlags } from './options.js';
import type { Terminal } from './terminal.js';

/** How a network file is to be read. */
export interface NetworkFlags extends NirFlags {
  readonly netOutput?: string;
  readonly inputShape?: readonly number[];
  readonly checkLayers?: boolean;
}

/** Options of every command that loads a network. */
export function addNetworkOptions(command: Command): Command {
  return addNirOptions(command)
    .option(
      '--net-output <name>',
      'ONNX: import up to this value, an output of the file or any other',
    )
    .option(
      '--input-shape <sizes>',
      'ONNX: sizes of one observation that the file leaves open, as 3x84x84',
      sizes,
    )
    .option('--check-layers', 'ONNX: compare every layer with onnxruntime');
}

function sizes(text: string): number[] {
  if (/^[1-9]\d*(x[1-9]\d*)*$/.test(text)) return text.split('x').map(Number);
  throw new InvalidArgumentError('expected sizes such as 3x84x84.');
}

/** The model that comes with spiq under this name, unless a file has it. */
export function modelNamed(word: string): Model | undefined {
  return existsSync(word) ? undefined : findModel(word);
}

/** Loads a network and passes on what its import has to say. */
export async function loadNetwork(
  file: string,
  layout: Layout | undefined,
  { netOutput, inputShape, checkLayers, nirProfile, nirDt }: NetworkFlags,
  terminal: Terminal,
): Promise<Network> {
  const network = await Network.load(file, {
    ...(layout && { layout }),
    ...(netOutput !== undefined && { output: netOutput }),
    ...(inputShape && { inputShape }),
    ...(checkLayers && { checkLayers }),
    ...(nirProfile !== undefined && { profile: nirProfile }),
    ...(nirDt !== undefined && { dt: nirDt }),
  });
  network.origin?.notes.forEach((text) => {
    terminal.note(`${file}: ${text}`);
  });
  const check = network.origin?.check;
  if (check !== undefined) tellCheck(file, check, terminal);
  return network;
}

function tellCheck(file: string, check: OracleCheck, terminal: Terminal): void {
  const { perOutput, perLayer, reason = 'no reason given', rows, copy } = check;
  if (check.status === 'unverified') {
    terminal.note(`${file}: not verified against onnxruntime: ${reason}`);
    return;
  }
  const subject = copy === undefined ? '' : ` on ${copy}`;
  const deviation = short(check.largestDeviation);
  terminal.say(
    `${file}: equals onnxruntime${subject} on ${rows} sample observations (largest deviation ${deviation})`,
  );
  if (perOutput.length > 1) {
    for (const { name, largestDeviation } of perOutput) {
      terminal.say(`  output ${name}: largest deviation ${short(largestDeviation)}`);
    }
  }
  perLayer?.forEach(({ name, node, largestDeviation, within }) => {
    const verdict = within ? '' : ', more than is allowed';
    terminal.say(`  ${node} (${name}): largest deviation ${short(largestDeviation)}${verdict}`);
  });
  if (check.reason !== undefined) terminal.note(`${file}: ${check.reason}`);
}

function short(deviation: number): string {
  return deviation.toExponential(1);
}

/** What --json tells of a network. */
export function describeNetwork(file: string, network: Network): object {
  const { source, check, tail, notes } = network.origin ?? {};
  const { inputSize, outputSize, spiking, graph } = network;
  return {
    file,
    source,
    inputSize,
    outputSize,
    converted: graph.conversion !== undefined,
    spiking,
    ...(check && { check }),
    ...(tail && tail.length > 0 && { tail }),
    ...(notes && notes.length > 0 && { notes }),
  };
}

export function checkEnding(file: string, endings: readonly string[], what: string): void {
  if (!endings.some((ending) => file.endsWith(ending))) {
    throw mismatch('E_ARGUMENT', what, `a name ending in ${endings.join(' or ')}`, file);
  }
}
