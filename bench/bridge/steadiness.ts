import { readFileSync } from 'node:fs';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { openBackend } from '../../ts/bridge/index.js';
import { bridgePolicy } from '../../ts/bridge/policy.js';
import { CartPole } from '../../ts/env/cart-pole.js';
import { quantilesOf } from '../statistics.js';
import { steps, type Subject } from './subject.js';

export interface Latency {
  /** Milliseconds. */
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Steadiness {
  readonly steps: number;
  readonly all: Latency;
  readonly first: Latency;
  readonly last: Latency;
  /** Resident megabytes of the worker and of Node.js, after a twentieth of the steps and after the last. */
  readonly workerMegabytes: readonly [number, number];
  readonly nodeMegabytes: readonly [number, number];
}

const megabyte = 1e6;
const bytesOfKilobyte = 1024;

/** Episode after episode of CartPole, each action from NEST: whether steps become slower and processes larger. */
export async function measureSteadiness(
  { network }: Subject,
  python: string,
  count: number,
): Promise<Steadiness> {
  const backend = await openBackend({ backend: 'nest', python });
  try {
    const bridge = await backend.load({ network, steps });
    const { act } = bridgePolicy(bridge);
    const environment = new CartPole();
    const times = new Float64Array(count);
    const memory = { worker: [0, 0], node: [0, 0] };
    const weigh = (when: 0 | 1): void => {
      // Garbage would hide what stays.
      collectGarbage();
      memory.worker[when] = residentMegabytes(backend.pids[0]!);
      memory.node[when] = process.memoryUsage.rss() / megabyte;
    };
    const part = Math.floor(count / 20);
    let observation = environment.reset(0);
    for (let step = 0; step < count; step += 1) {
      if (step === part) weigh(0);
      const begin = performance.now();
      const [action] = await act(observation, 1);
      times[step] = performance.now() - begin;
      const result = environment.step(action!);
      observation =
        result.terminated || result.truncated ? environment.reset() : result.observation;
    }
    weigh(1);
    return {
      steps: count,
      all: latencyOf(times),
      first: latencyOf(times.subarray(0, part)),
      last: latencyOf(times.subarray(count - part)),
      workerMegabytes: [memory.worker[0]!, memory.worker[1]!],
      nodeMegabytes: [memory.node[0]!, memory.node[1]!],
    };
  } finally {
    await backend.close();
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

function latencyOf(times: Float64Array): Latency {
  const at = quantilesOf(times);
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function residentMegabytes(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))!;
  return (Number(kilobytes) * bytesOfKilobyte) / megabyte;
}
