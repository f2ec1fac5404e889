import type { Dealer } from 'zeromq';
import { mismatch, phrase } from '../errors.js';
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
  { curve, identity }: DealerOptions = {},
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
  try {
    socket.connect(endpoint);
  } catch {
    socket.close();
    throw mismatch('E_ARGUMENT', 'endpoint of the worker', 'one such as tcp://host:5555', endpoint);
  }
  return socket;
}
