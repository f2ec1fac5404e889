import type { Bridge } from '../../ts/bridge/index.js';
import type { Contender } from '../race.js';
import type { Subject } from './subject.js';

interface Calls {
  readonly contender: Contender;
  readonly each: number;
}

/** Of `evaluate`: the replay's observations in portions. */
const bulkRows = 2048;

/** A call for each observation, as an agent makes it that waits for its action. */
export const singleCalls = (name: string, bridge: Bridge, subject: Subject): Calls =>
  callsOf(name, subject, 1, async (row) => bridge.run(row));

export const bulkCalls = (name: string, bridge: Bridge, subject: Subject): Calls =>
  callsOf(name, subject, bulkRows, async (rows) => bridge.evaluate(rows));

function callsOf(
  name: string,
  { observations, rows }: Subject,
  each: number,
  call: (rows: Float64Array) => Promise<unknown>,
): Calls {
  const width = observations.length / rows;
  let next = 0;
  const one = async (): Promise<void> => {
    if (next + each > rows) next = 0;
    await call(observations.subarray(next * width, (next + each) * width));
    next += each;
  };
  const time = async (calls: number): Promise<number> => {
    const begin = performance.now();
    for (let k = 0; k < calls; k += 1) await one();
    return (performance.now() - begin) / 1000 / calls;
  };
  const warm = async (seconds: number): Promise<number> => {
    const begin = performance.now();
    let calls = 0;
    do {
      await one();
      calls += 1;
    } while (performance.now() - begin < seconds * 1000);
    return (performance.now() - begin) / 1000 / calls;
  };
  return { contender: { name, warm, time }, each };
}
