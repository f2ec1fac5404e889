import type { Bridge } from '../../ts/bridge/index.js';
import { awaitedContender, type Contender } from '../race.js';
import type { Subject } from './subject.js';

/** Somebody whose calls are timed. */
export interface Side {
  readonly contender: Contender;
  /** Observations in a call. */
  readonly each: number;
}

/** Of `evaluate`: the replay's observations in portions. */
const bulkRows = 2048;

/** A call for each observation, as an agent makes it that waits for its action. */
export const singleCalls = (name: string, bridge: Bridge, subject: Subject): Side =>
  callsOf(name, subject, 1, async (row) => bridge.run(row));

export const bulkCalls = (name: string, bridge: Bridge, subject: Subject): Side =>
  callsOf(name, subject, bulkRows, async (rows) => bridge.evaluate(rows));

function callsOf(
  name: string,
  { observations, rows }: Subject,
  each: number,
  call: (rows: Float64Array) => Promise<unknown>,
): Side {
  const width = observations.length / rows;
  let next = 0;
  const one = async (): Promise<void> => {
    if (next + each > rows) next = 0;
    await call(observations.subarray(next * width, (next + each) * width));
    next += each;
  };
  return { contender: awaitedContender(name, one), each };
}
