import type { Dealer } from 'zeromq';
import { mismatch, phrase } from '../errors.js';
import { mostMessageBytes } from './message.js';

const packageNeeded = 'zeromq';

/** Loaded when first needed: whoever plays no environment of Python's does without the package. */
export async function connectDealer(endpoint: string): Promise<Dealer> {
  let zeromq: typeof import('zeromq');
  try {
    zeromq = await import('zeromq');
  } catch (cause) {
    const expected = `the package ${packageNeeded} (npm install ${packageNeeded})`;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw mismatch('E_ENVIRONMENT', 'worker process', expected, phrase(reason.split('\n')[0]!));
  }
  const socket = new zeromq.Dealer({
    linger: 0,
    sendTimeout: 0,
    maxMessageSize: mostMessageBytes,
    // No heartbeats: processes that were stopped for a while (Ctrl-Z) would find the connection cut. The end of a worker
    // is heard of from the system, and one that hangs is found by the deadline of its call.
    // The worker binds a moment after it is started.
    reconnectInterval: 5,
  });
  socket.connect(endpoint);
  return socket;
}
