import { compareBackends, type ComparedBackend, type EngineName } from '../../ts/bridge/index.js';
import { steps, type Subject } from './subject.js';

export interface Agreement {
  readonly network: string;
  readonly reset: 'subtraction' | 'zero';
  readonly rows: number;
  readonly backends: readonly ComparedBackend[];
}

const engines: readonly EngineName[] = ['spiq', 'spiq-float32', 'nest', 'pynn-nest'];

/** Every spike count of the observations in spiq in double and single precision, in NEST and in PyNN's NEST. */
export async function measureAgreement(
  { name, network, observations, rows }: Subject,
  python: string,
): Promise<Agreement[]> {
  const agreements: Agreement[] = [];
  for (const reset of ['subtraction', 'zero'] as const) {
    process.stderr.write(`bench · ${name}, reset ${reset}: ${rows} observations …\n`);
    const given = { network, observations, steps, reset, start: { python } };
    const backends = await compareBackends({ ...given, backends: engines });
    agreements.push({ network: name, reset, rows, backends });
  }
  return agreements;
}
