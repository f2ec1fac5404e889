import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ErrorCode, GymnasiumOptions, SimulationOptions } from '../../ts/index.js';
import {
  CartPole,
  Network,
  Simulator,
  SpiqError,
  importOnnx,
  openBackend,
  openGymnasium,
  readNpz,
  writeNpz,
} from '../../ts/index.js';
import { WorkerProcess } from '../../ts/wire/worker.js';
import { repositoryRoot } from '../scripts/repository.js';
import { gymPython } from '../support/python.js';

const model = path.join(repositoryRoot, 'models', 'cartpole-dqn.onnx');

/** For each code something a user may do that ends in it. */
export const errorCases: Record<ErrorCode, () => unknown> = {
  E_ARGUMENT: async () => new Simulator(await load(), { step: 100 } as SimulationOptions),
  E_RANGE: async () => new Simulator(await load(), { steps: 0 }),
  E_SHAPE: async () => (await load()).forwardSync(new Float32Array(6)),
  E_NOT_FINITE: async () => (await load()).forwardSync(Float32Array.of(0, 0, NaN, 0)),
  E_GRAPH: () =>
    Network.fromGraph({
      nodes: [{ kind: 'input', name: 'observation', shape: [4] }],
      edges: [['observation', 'hidden']],
      outputs: ['observation'],
    }),
  E_UNSUPPORTED: async () => Network.load('test/oracle/onnx/refused-tanh.onnx'),
  E_STATE: () => new CartPole().step(0),
  E_BUFFER_BUSY: async () => {
    const simulator = new Simulator(await load());
    const into = new Float32Array(2);
    return Promise.all([1, 2].map(async () => simulator.run(new Float32Array(4), { into })));
  },
  E_CANCELLED: async () => {
    const network = await load();
    return network.forward(new Float32Array(4), { signal: AbortSignal.abort() });
  },
  E_MEMORY: async () => {
    const simulator = new Simulator(await load(), { steps: 1_000_000 });
    return simulator.runSync(new Float32Array(400), { record: { trace: true } });
  },
  E_INTERNAL: async () => importOnnx(model, { forward: () => new Float32Array(3) }),
  E_FILE: async () => Network.load('missing.onnx'),
  E_FORMAT: () => {
    const whole = writeNpz({ obs: { shape: [1, 4], dtype: 'f4', data: new Float32Array(4) } });
    return readNpz(whole.subarray(0, whole.length - 30), 'cut-off.npz');
  },
  E_VERSION: async () => loadTemporary('newer.npz', newerNetwork()),
  E_MISMATCH: async () =>
    importOnnx(model, { forward: (_graph, _rows, count) => new Float32Array(2 * count) }),
  E_ENVIRONMENT: () => runCommand(['doctor'], { SPIQ_ADDON: 'no-such-folder/spiq.node' }),
  E_NO_PYTHON: async () => openGymnasium({ kind: 'ale', game: 'pong', python: 'no-such-python' }),
  E_IMPORT: async () => play({ kind: 'gymnasium', id: 'no_such_module:CartPole-v1' }),
  E_BACKEND: async () =>
    play({ kind: 'gymnasium', id: 'CartPole-v1', options: { gravity: 'moon' } }),
  E_CRASH: async () =>
    withWorker(async (worker) => {
      process.kill(worker.pid, 'SIGKILL');
      await worker.request('ping', {});
    }),
  E_TIMEOUT: async () =>
    withWorker(async (worker) => {
      process.kill(worker.pid, 'SIGSTOP');
      await worker.request('ping', {}, new Map(), { deadlineMs: 100 });
    }),
  E_PROTOCOL: async () => withWorker(async (worker) => worker.request('env.fly', {})),
  E_AUTH: async () => {
    // A worker elsewhere that wants keys, and a client that has none.
    const { Router, curveKeyPair } = await import('zeromq');
    const router = new Router({ curveServer: true, curveSecretKey: curveKeyPair().secretKey });
    await router.bind('tcp://127.0.0.1:*');
    const remote = { endpoint: router.lastEndpoint!, token: 'any' };
    return openBackend({ backend: 'nest', remote }).finally(() => {
      router.close();
    });
  },
  E_TOO_LARGE: async () =>
    withWorker(async (worker) => worker.request('ping', { text: 'x'.repeat(100_000) })),
  E_USAGE: () => runCommand(['simulate', 'network.npz', '--jsn'], {}),
};

async function play(options: GymnasiumOptions): Promise<void> {
  const environments = await openGymnasium({ ...options, python: await gymPython() });
  await environments.close();
}

async function withWorker(work: (worker: WorkerProcess) => Promise<unknown>): Promise<void> {
  const worker = await WorkerProcess.start({ backend: 'env', python: await gymPython() });
  try {
    await work(worker);
  } finally {
    await worker.close();
  }
}

/** The error of a case; folders of this machine are cut from its message. */
export async function provoke(code: ErrorCode): Promise<SpiqError> {
  try {
    await errorCases[code]();
  } catch (error) {
    if (!(error instanceof SpiqError)) throw error;
    return new SpiqError(error.code, error.message.replaceAll(`${repositoryRoot}${path.sep}`, ''));
  }
  throw new Error(`the case of ${code} ended without an error`);
}

async function load(): Promise<Network> {
  return Network.load(model);
}

function newerNetwork(): Uint8Array {
  const text = (value: string) => {
    const data = new TextEncoder().encode(value);
    return { shape: [data.length], dtype: 'u1', data } as const;
  };
  const description = { format: 'spiq-graph', version: 2, nodes: [], edges: [], outputs: [] };
  return writeNpz({ graph: text(JSON.stringify(description)), layout: text('out-in') });
}

async function loadTemporary(name: string, bytes: Uint8Array): Promise<Network> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-docs-'));
  try {
    writeFileSync(path.join(folder, name), bytes);
    return await Network.load(path.join(folder, name));
  } catch (error) {
    if (!(error instanceof SpiqError)) throw error;
    throw new SpiqError(error.code, error.message.replaceAll(`${folder}${path.sep}`, ''));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Turns what the command line prints about an error back into that error. */
function runCommand(args: readonly string[], environment: NodeJS.ProcessEnv): never {
  const { stderr } = spawnSync(process.execPath, ['scripts/spiq.mjs', ...args], {
    cwd: repositoryRoot,
    env: { ...process.env, ...environment },
    encoding: 'utf8',
  });
  const [, message, code] = /^spiq: ([^]*) \[(\w+)\]\n$/.exec(stderr) ?? [];
  if (message === undefined) throw new Error(`not an error of the command line: ${stderr}`);
  throw new SpiqError(code as ErrorCode, message);
}
