import { mismatch } from '../errors.js';

/** Environments of Python packages, by the names of their files in scripts/requirements. */
export const pythonProfiles = ['gym', 'envpool', 'nest', 'brian2', 'spinnaker'] as const;
export type PythonProfile = (typeof pythonProfiles)[number];

/** What a worker process runs, by the names of its option --backend. */
export const workerBackends = {
  env: { profile: 'gym', startMs: 30_000 },
  reference: { profile: 'gym', startMs: 30_000 },
  nest: { profile: 'nest', startMs: 30_000 },
  'pynn-nest': { profile: 'nest', startMs: 60_000 },
  brian2: { profile: 'brian2', startMs: 60_000 },
  spinnaker: { profile: 'spinnaker', startMs: 60_000 },
  'spinnaker-virtual': { profile: 'spinnaker', startMs: 60_000 },
} as const satisfies Record<string, { profile: PythonProfile; startMs: number }>;

export type WorkerBackend = keyof typeof workerBackends;

/** The variable that names another Python for a profile. */
export const pythonVariables: Readonly<Record<PythonProfile, string>> = {
  gym: 'SPIQ_PYTHON',
  envpool: 'SPIQ_PYTHON',
  nest: 'SPIQ_PYTHON_NEST',
  brian2: 'SPIQ_PYTHON_BRIAN2',
  spinnaker: 'SPIQ_PYTHON_SPINNAKER',
};

export function checkTransport(transport: unknown): asserts transport is Transport {
  if (transport === 'ipc' || transport === 'tcp') return;
  throw mismatch('E_ARGUMENT', "option 'transport'", 'ipc | tcp', transport);
}

/** How a worker that is started here is spoken to: a socket in a private folder, or a port of this machine alone. */
export type Transport = 'ipc' | 'tcp';
