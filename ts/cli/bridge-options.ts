import { readFileSync } from 'node:fs';
import { InvalidArgumentError, Option } from 'commander';
import type { Command } from 'commander';
import type { BackendOptions } from '../bridge/backends.js';
import { originalProtocol, originalProtocols } from '../bridge/protocols.js';
import type { OriginalProtocol } from '../bridge/protocols.js';
import type { BridgeModelOptions } from '../bridge/options.js';
import { SpiqError, mismatch, phrase } from '../errors.js';
import { fileError } from '../formats/files.js';
import { isRecord } from '../wire/message.js';
import type { RemoteWorker } from '../wire/remote-life.js';
import type { CurveKeys } from '../wire/socket.js';
import { realNumber, wholeNumber } from './options.js';
import type { Terminal } from './terminal.js';

/** How a back end is started. */
export interface BackendFlags {
  readonly workers?: number;
  readonly python?: string;
  readonly transport?: 'ipc' | 'tcp';
  readonly remote?: string;
  readonly keys?: string;
  readonly deadline?: number;
  readonly backendOption?: Readonly<Record<string, unknown>>;
}

/** How the network is simulated there. */
export type ModelFlags = BridgeModelOptions;

export function addBackendOptions(command: Command): Command {
  return command
    .option('--workers <n>', 'processes that share the observations (default: 1)', wholeNumber)
    .option('--python <program>', "the back end's Python, in place of the managed one")
    .addOption(
      new Option('--transport <name>', 'how workers are spoken to (default: ipc)').choices([
        'ipc',
        'tcp',
      ]),
    )
    .option(
      '--remote <endpoint>',
      'a worker that runs already, as tcp://host:5555; its token in SPIQ_WORKER_TOKEN',
    )
    .option('--keys <file>', "the client's keys for it, as `spiq bridge keys` makes them")
    .option('--deadline <seconds>', 'longest time without a sign of life (default: 60)', realNumber)
    .option(
      '--backend-option <name=value>',
      'something that the back end alone knows, such as tauM=4096; may be repeated',
      backendOption,
    );
}

/** Where a single back end is meant; `compare` names protocols among its back ends. */
export function addProtocolOption(command: Command): Command {
  return command.addOption(
    new Option('--protocol <name>', "a published agent's own way to its simulator").choices(
      originalProtocols,
    ),
  );
}

export interface ProtocolFlags extends BackendFlags {
  readonly protocol?: OriginalProtocol;
}

interface ReplacedFlags extends ProtocolFlags {
  readonly backend?: string | undefined;
  readonly reset?: string | undefined;
}

/** What --protocol stands for, in place of the same options. */
export function withProtocol<Flags extends ReplacedFlags>(flags: Flags): Flags {
  const { protocol, backend, reset, backendOption } = flags;
  if (protocol === undefined) return flags;
  const meant = originalProtocol(protocol, backendOption);
  for (const [name, given, own] of [
    ['backend', backend, meant.backend],
    ['reset', reset, meant.reset],
  ] as const) {
    if (given === undefined || given === own) continue;
    throw mismatch('E_USAGE', `--${name} beside --protocol ${protocol}`, own, given);
  }
  const { backendOptions, ...rest } = meant;
  return { ...flags, ...rest, backendOption: backendOptions };
}

export function addModelOptions(command: Command): Command {
  const choice = (flags: string, text: string, names: readonly string[]): Option =>
    new Option(flags, text).choices(names);
  return command
    .option('-T, --steps <n>', 'simulation time in steps (default: 100)', wholeNumber)
    .addOption(
      choice('--semantics <name>', 'order of events in a step (default: direct)', [
        'direct',
        'dsqn',
      ]),
    )
    .addOption(
      choice('--reset <name>', "after a spike (default: the network's own)", [
        'subtraction',
        'zero',
      ]),
    )
    .option('--threshold <x>', "firing threshold (default: the network's own, 1)", realNumber)
    .option(
      '--epsilon <x>',
      "θ' = θ(1 − ε), there as here (default: the network's own)",
      realNumber,
    )
    .addOption(
      choice('--decoding <name>', 'output layer to result (default: potential)', [
        'potential',
        'spikes',
      ]),
    )
    .option('--bias-as-observation', 'append the constant 1 to every observation')
    .option(
      '--most-connections <n>',
      'largest network that is made (default: 16000000)',
      wholeNumber,
    );
}

type Start = Omit<BackendOptions, 'backend'>;

/** The managed Python is made where it is missing. */
export function startOptions(flags: BackendFlags, terminal: Terminal): Start {
  const { workers, python, transport, remote, keys, deadline } = flags;
  if (keys !== undefined && remote === undefined) {
    throw new SpiqError('E_USAGE', '--keys: expected --remote beside it, received none');
  }
  return {
    ...(python === undefined ? { install: remote === undefined } : { python }),
    ...(workers !== undefined && { workers }),
    ...(transport !== undefined && { transport }),
    ...(remote !== undefined && { remote: remoteWorker(remote, keys) }),
    ...(deadline !== undefined && { deadlineMs: 1000 * deadline }),
    signal: terminal.signal,
    onRestart: ({ message }) => {
      terminal.note(`the worker is started again: ${message}`);
    },
  };
}

function remoteWorker(endpoint: string, keys: string | undefined): RemoteWorker {
  const token = process.env.SPIQ_WORKER_TOKEN;
  if (token === undefined) {
    const expected = 'the token of the worker in SPIQ_WORKER_TOKEN';
    throw mismatch('E_USAGE', '--remote', expected, phrase('none'));
  }
  return { endpoint, token, ...(keys !== undefined && { curve: readKeys(keys) }) };
}

function readKeys(file: string): CurveKeys {
  let keys: unknown;
  try {
    keys = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    if (cause instanceof SyntaxError) {
      throw mismatch('E_FORMAT', `keys in ${file}`, 'JSON', phrase(cause.message));
    }
    throw fileError(file, 'read', cause);
  }
  const key = (name: string): string => {
    const value = isRecord(keys) ? keys[name] : undefined;
    if (typeof value === 'string' && value.length === 40) return value;
    throw mismatch(
      'E_FORMAT',
      `keys in ${file}: '${name}'`,
      '40 characters of Z85',
      phrase('others'),
    );
  };
  return {
    serverKey: key('serverKey'),
    publicKey: key('publicKey'),
    secretKey: key('secretKey'),
  };
}

function backendOption(
  text: string,
  before: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const [, name, value] = /^(\w+)=(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new InvalidArgumentError('expected name=value.');
  }
  const number = Number(value);
  const known: unknown = value === 'true' || value === 'false' ? value === 'true' : value;
  return { ...before, [name]: Number.isFinite(number) ? number : known };
}
