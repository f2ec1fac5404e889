import { mismatch } from '../errors.js';
import { isRecord, type WireBody } from '../wire/message.js';

/** What a back end says of itself. */
export interface Capabilities {
  readonly resets: readonly string[];
  readonly semantics: readonly string[];
  /** Spike counts are those of spiq in double precision: a build is refused whose probes differ. */
  readonly exact: boolean;
  /** Nothing was run: results are what an emulation expects. */
  readonly predicted: boolean;
  /** Most copies of a network that run side by side. */
  readonly batch: number;
  /** Whether it takes lists of connections. */
  readonly sparse: boolean;
}

export interface BackendDescription {
  readonly backend: string;
  readonly capabilities: Capabilities;
  /** Neuron models that it uses. */
  readonly models: readonly string[];
  /** Of Python and the packages. */
  readonly versions: Readonly<Record<string, string>>;
}

export function readDescription(
  welcome: WireBody,
  versions: Readonly<Record<string, string>>,
): BackendDescription {
  const { backend, models, caps } = welcome;
  if (!isRecord(caps)) {
    throw mismatch('E_PROTOCOL', "welcome 'caps'", 'what the back end can do', caps);
  }
  return {
    backend: String(backend),
    models: strings(models ?? [], 'models'),
    versions,
    capabilities: {
      resets: strings(caps.resets, 'resets'),
      semantics: strings(caps.semantics, 'semantics'),
      exact: flag(caps, 'exact'),
      predicted: flag(caps, 'predicted'),
      batch: batchOf(caps),
      sparse: flag(caps, 'sparse'),
    },
  };
}

function strings(value: unknown, name: string): string[] {
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw mismatch('E_PROTOCOL', `welcome '${name}'`, 'a list of names', value);
}

function flag(caps: WireBody, name: string): boolean {
  const value = caps[name];
  if (typeof value === 'boolean') return value;
  throw mismatch('E_PROTOCOL', `welcome caps '${name}'`, 'true or false', value);
}

function batchOf({ batch }: WireBody): number {
  if (Number.isSafeInteger(batch) && (batch as number) >= 1) return batch as number;
  throw mismatch('E_PROTOCOL', "welcome caps 'batch'", 'a whole number of at least 1', batch);
}
