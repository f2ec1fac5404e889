import { spawn } from 'node:child_process';
import { ftruncateSync, readSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { FrameFile } from '../../ts/env/gymnasium/frame-file.js';
import { WireClient } from '../../ts/wire/client.js';
import { PrivateFolder } from '../../ts/wire/folder.js';
import { workerPath } from '../../ts/wire/python.js';
import { connectDealer } from '../../ts/wire/socket.js';
import { WorkerProcess } from '../../ts/wire/worker.js';
import { quantiles, type Quantiles } from './quantiles.js';

const script = fileURLToPath(new URL('../../../bench/worker/frames_peer.py', import.meta.url));
/** Bytes: an observation of 84 × 84 in stacks of four, two screens of the emulator in grey, two in colours. */
export const frameSizes = [28_224, 67_200, 201_600] as const;
const mostBytes = 1 << 18;
const rounds = 10;

export interface Trip {
  readonly what: string;
  /** Microseconds. */
  readonly time: Quantiles;
}

/** Calls of the worker and of a peer without a line that do nothing, and calls that bring frames, in turns. */
export async function measureTrips(python: string, calls: number): Promise<Trip[]> {
  const file = new FrameFile();
  ftruncateSync(file.fd, mostBytes);
  const folder = PrivateFolder.temporary();
  const endpoint = `ipc://${path.join(folder.path, 'w.sock')}`;
  const peer = spawn(python, [script, endpoint], {
    stdio: ['ignore', 'inherit', 'inherit', file.fd],
    env: { ...process.env, PYTHONPATH: workerPath },
  });
  const client = new WireClient(
    await connectDealer(endpoint),
    () => '',
    () => peer.kill('SIGKILL'),
  );
  const worker = await WorkerProcess.start({ backend: 'env', python });
  const into = Buffer.alloc(mostBytes);
  const bring = async (bytes: number, way: 'file' | 'socket'): Promise<void> => {
    const { body, tensors } = await client.request('frame', { bytes, way });
    if (way === 'file') readSync(file.fd, into, 0, bytes, 0);
    const first = way === 'file' ? into[0] : tensors.get('frame')?.data[0];
    if (first !== body.first) throw new Error(`another frame came by the ${way}`);
  };
  const trips: [string, () => Promise<unknown>][] = [
    ['a call that does nothing, on the line', async () => worker.request('ping', {})],
    ['through ZeroMQ', async () => client.request('frame', { bytes: 0, way: 'none' })],
    ...frameSizes.flatMap((bytes): [string, () => Promise<void>][] => [
      [`${bytes} bytes through a file`, async () => bring(bytes, 'file')],
      [`${bytes} bytes on the socket`, async () => bring(bytes, 'socket')],
    ]),
  ];
  const times = trips.map((): number[] => []);
  try {
    for (let round = 0; round < rounds; round += 1) {
      for (const [k, [, call]] of trips.entries()) {
        for (let n = 0; n < calls / rounds; n += 1) {
          const start = performance.now();
          await call();
          times[k]!.push((performance.now() - start) * 1000);
        }
      }
    }
  } finally {
    await worker.close();
    peer.kill('SIGKILL');
    client.close(new Error('measured'));
    folder.remove();
    file.close();
  }
  return trips.map(([what], k) => ({ what, time: quantiles(times[k]!) }));
}
