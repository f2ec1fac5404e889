import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import { checkTransport, type Transport, type WorkerBackend } from '../wire/backends.js';
import type { WorkerError } from '../wire/errors.js';
import type { RemoteWorker } from '../wire/remote-life.js';

export const bridgeBackends = [
  'nest',
  'pynn-nest',
  'brian2',
  'spinnaker',
  'spinnaker-virtual',
  'reference',
] as const satisfies readonly WorkerBackend[];

export type BridgeBackendName = (typeof bridgeBackends)[number];

export interface BackendOptions {
  readonly backend: BridgeBackendName;
  /** Worker processes that hold each network and share the rows (default 1). */
  readonly workers?: number;
  /** Default: what SPIQ_PYTHON_NEST, SPIQ_PYTHON_BRIAN2 or SPIQ_PYTHON_SPINNAKER name, or the one that was made. */
  readonly python?: string;
  /** Makes that Python where it is missing or out of date, with progress on stderr (default false). */
  readonly install?: boolean;
  /** Default `ipc`; `tcp` binds to this machine alone. */
  readonly transport?: Transport;
  /** A worker that runs already, here or elsewhere, in place of those that are started. */
  readonly remote?: RemoteWorker;
  /** Limit of a worker's address space. */
  readonly memoryBytes?: number;
  /** Stops the opening. */
  readonly signal?: AbortSignal;
  /** Milliseconds that a call may take without a sign of life (default 60,000). */
  readonly deadlineMs?: number;
  /** Milliseconds that the building of a network may take (default 120,000). */
  readonly buildDeadlineMs?: number;
  /** Hears of each new start of a worker, and why. */
  readonly onRestart?: (reason: WorkerError) => void;
}

export const backendOptionNames = [
  'backend',
  'workers',
  'python',
  'install',
  'transport',
  'remote',
  'memoryBytes',
  'signal',
  'deadlineMs',
  'buildDeadlineMs',
  'onRestart',
] as const satisfies readonly (keyof BackendOptions)[];

/** What a timer of Node.js can wait, in milliseconds. */
const mostDeadline = 2 ** 31 - 1;
const mostWorkers = 64;

export function checkBackendOptions(options: BackendOptions): void {
  checkNames(options, backendOptionNames, 'back-end option');
  checkBackend(options.backend);
  const { workers = 1, transport = 'ipc', deadlineMs = 1, buildDeadlineMs = 1, remote } = options;
  if (!Number.isSafeInteger(workers) || workers < 1 || workers > mostWorkers) {
    throw mismatch(
      'E_RANGE',
      "option 'workers'",
      `a whole number from 1 to ${mostWorkers}`,
      workers,
    );
  }
  checkTransport(transport);
  for (const [name, value] of Object.entries({ deadlineMs, buildDeadlineMs })) {
    if (value > 0 && value <= mostDeadline) continue;
    const expected = `milliseconds above 0, at most ${mostDeadline}`;
    throw mismatch('E_RANGE', `option '${name}'`, expected, value);
  }
  if (remote !== undefined && workers > 1) {
    throw mismatch('E_ARGUMENT', "option 'workers'", '1 beside remote', workers);
  }
}

export function checkBackend(backend: unknown): asserts backend is BridgeBackendName {
  if (bridgeBackends.some((known) => known === backend)) return;
  throw mismatch('E_ARGUMENT', "option 'backend'", bridgeBackends.join(' | '), backend);
}
