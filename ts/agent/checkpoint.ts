import { mismatch, phrase } from '../errors.js';
import { Fields } from '../formats/fields.js';
import { decodeNetwork, encodeNetwork } from '../formats/spiq-npz.js';
import { readNpz, writeNpz } from '../formats/npz/index.js';
import type { NpyArray } from '../formats/npz/index.js';
import { Network } from '../network.js';

/** Everything that training goes on from: small things as plain data, large ones as bytes. */
export interface AgentCheckpoint {
  readonly agent: AgentKind;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, unknown>>;
  readonly parts: Readonly<Record<string, Uint8Array>>;
}

export const agentKinds = ['dqn', 'reinforce', 'classifier'] as const;
export type AgentKind = (typeof agentKinds)[number];

const format = 'spiq-agent';
const version = 1;
const headerKey = 'checkpoint';

/** A checkpoint as one file's content: an .npz whose checksums tell whether it is whole. */
export function encodeCheckpoint(checkpoint: AgentCheckpoint): Uint8Array {
  const { parts, ...header } = checkpoint;
  const text = new TextEncoder().encode(JSON.stringify({ format, version, ...header }));
  const entries = [[headerKey, text] as const, ...Object.entries(parts)];
  return writeNpz(new Map(entries.map(([name, bytes]) => [name, bytesArray(bytes)])));
}

export function decodeCheckpoint(bytes: Uint8Array, what = 'checkpoint'): AgentCheckpoint {
  const npz = readNpz(bytes, what);
  const member = (key: string): Uint8Array => {
    const { data, dtype } = npz.get(key);
    if (!(data instanceof Uint8Array)) throw mismatch('E_FORMAT', `${what}: ${key}`, 'u1', dtype);
    return data;
  };
  const fields = new Fields(jsonOf(member(headerKey), what), what);
  fields.oneOf('format', [format]);
  const found = fields.count('version');
  if (found > version) throw mismatch('E_VERSION', `${what}: version`, `at most ${version}`, found);
  const keys = npz.keys.filter((key) => key !== headerKey);
  return {
    agent: fields.oneOf('agent', agentKinds),
    parameters: recordOf(fields.raw('parameters'), `${what}: parameters`),
    state: recordOf(fields.raw('state'), `${what}: state`),
    parts: Object.fromEntries(keys.map((key) => [key, member(key)])),
  };
}

/** The agent's own checkpoint; one of another kind of agent is refused. */
export function expectAgent({ agent }: AgentCheckpoint, kind: AgentKind): void {
  if (agent !== kind) throw mismatch('E_ARGUMENT', 'checkpoint', `one of the agent ${kind}`, agent);
}

export function partOf({ parts }: AgentCheckpoint, name: string): Uint8Array {
  const bytes = Object.hasOwn(parts, name) ? parts[name] : undefined;
  if (bytes !== undefined) return bytes;
  throw mismatch(
    'E_FORMAT',
    'checkpoint',
    `a part '${name}'`,
    phrase(Object.keys(parts).join(', ')),
  );
}

export function networkBytes(network: Network): Uint8Array {
  return encodeNetwork(network.graph);
}

export function networkFrom(bytes: Uint8Array, what: string): Network {
  return Network.fromGraph(decodeNetwork(readNpz(bytes, what)));
}

function bytesArray(data: Uint8Array): NpyArray {
  return { shape: [data.length], dtype: 'u1', data };
}

function jsonOf(bytes: Uint8Array, what: string): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw mismatch('E_FORMAT', `${what}: ${headerKey}`, 'JSON', phrase('other bytes'));
  }
}

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw mismatch('E_FORMAT', what, 'a JSON object', value);
  }
  return value as Readonly<Record<string, unknown>>;
}
