import { mismatch } from '../errors.js';
import type { Layout } from '../formats/layout.js';
import { Network } from '../network.js';
import type { NirFlags } from './options.js';
import type { Terminal } from './terminal.js';

/** Loads a network and passes on what its import has to say. */
export async function loadNetwork(
  file: string,
  layout: Layout | undefined,
  terminal: Terminal,
  { nirProfile, nirDt }: NirFlags = {},
): Promise<Network> {
  const network = await Network.load(file, {
    ...(layout !== undefined && { layout }),
    ...(nirProfile !== undefined && { profile: nirProfile }),
    ...(nirDt !== undefined && { dt: nirDt }),
  });
  network.origin?.notes.forEach((text) => {
    terminal.note(`${file}: ${text}`);
  });
  const check = network.origin?.check;
  if (check?.status === 'verified') {
    const deviation = check.largestDeviation.toExponential(1);
    terminal.say(
      `${file}: equals onnxruntime on ${check.rows} sample observations (largest deviation ${deviation})`,
    );
  } else if (check) {
    terminal.note(
      `${file}: not verified against onnxruntime: ${check.reason ?? 'no reason given'}`,
    );
  }
  return network;
}

/** What --json tells of a network. */
export function describeNetwork(file: string, network: Network): object {
  const { source, check } = network.origin ?? {};
  const { inputSize, outputSize, spiking, graph } = network;
  return {
    file,
    source,
    inputSize,
    outputSize,
    converted: graph.conversion !== undefined,
    spiking,
    ...(check
      ? {
          check: {
            status: check.status,
            rows: check.rows,
            largestDeviation: check.largestDeviation,
            ...(check.reason === undefined ? {} : { reason: check.reason }),
          },
        }
      : {}),
  };
}

export function checkEnding(file: string, endings: readonly string[], what: string): void {
  if (!endings.some((ending) => file.endsWith(ending))) {
    throw mismatch('E_ARGUMENT', what, `a name ending in ${endings.join(' or ')}`, file);
  }
}
