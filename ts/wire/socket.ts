import type { Dealer } from 'zeromq';
import { mismatch, phrase } from '../errors.js';
import { WorkerError } from './errors.js';
import { mostMessageBytes } from './message.js';

const packageNeeded = 'zeromq';

/** Keys of CurveZMQ, each 40 characters of Z85. */
export interface CurveKeys {
  readonly serverKey: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

export interface DealerOptions {
  readonly curve?: CurveKeys;
  /** By which the worker knows this client again when its connection was cut. */
  readonly identity?: string;
  /** Hears that one end does not accept the other's keys: requests would wait for ever. */
  readonly onRefused?: (error: WorkerError) => void;
}

/** Loaded when first needed: whoever plays no environment of Python's does without the package. */
export async function loadZeromq(): Promise<typeof import('zeromq')> {
  try {
    return await import('zeromq');
  } catch (cause) {
    const expected = `the package ${packageNeeded} (npm install ${packageNeeded})`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw mismatch('E_ENVIRONMENT', 'worker process', expected, phrase(reason.split('\n')[0]!));
  }
}

export async function connectDealer(
  endpoint: string,
  { curve, identity, onRefused }: DealerOptions = {},
): Promise<Dealer> {
  const zeromq = await loadZeromq();
  const socket = new zeromq.Dealer({
    linger: 0,
    sendTimeout: 0,
    maxMessageSize: mostMessageBytes,
    // No heartbeats: processes that were stopped for a while (Ctrl-Z) would find the connection cut. The end of a worker
    // is heard of from the system, and one that hangs is found by the deadline of its call.
    // The worker binds a moment after it is started.
    reconnectInterval: 5,
    ...(identity === undefined ? {} : { routingId: identity }),
    ...(curve === undefined
      ? {}
      : {
          curveServerKey: curve.serverKey,
          curvePublicKey: curve.publicKey,
          curveSecretKey: curve.secretKey,
        }),
  });
  // What happens before anybody listens is not told.
  if (onRefused !== undefined) watchHandshake(socket, onRefused);
  try {
    socket.connect(endpoint);
  } catch {
    socket.close();
    throw mismatch('E_ARGUMENT', 'endpoint of the worker', 'one such as tcp://host:5555', endpoint);
  }
  return socket;
}

const refusals = {
  'handshake:error:auth': 'a worker that knows the public key of this client',
  'handshake:error:protocol': 'that both ends use CURVE, or neither',
  'handshake:error:other': 'a worker whose secret key belongs to the server key given',
} as const;

function watchHandshake(socket: Dealer, onRefused: (error: WorkerError) => void): void {
  for (const [event, expected] of Object.entries(refusals)) {
    socket.events.on(event as keyof typeof refusals, () => {
      const text = `keys of the worker process: expected ${expected}, received ${event}`;
      onRefused(new WorkerError('E_AUTH', text));
    });
  }
}

/** A socket that is listened to keeps Node.js running. */
export function stopWatching(socket: Dealer): void {
  if (!socket.closed) socket.events.close();
}
