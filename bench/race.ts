import { setTimeout as sleep } from 'node:timers/promises';

/** Somebody whose calls are timed; seconds of one call come back. */
export interface Contender {
  readonly name: string;
  /** Runs for about that many seconds. */
  warm(seconds: number): Promise<number> | number;
  time(calls: number): Promise<number> | number;
}

export interface RaceOptions {
  readonly rounds: number;
  /** Seconds of one sample; a call that takes longer is a sample by itself. */
  readonly sample: number;
  readonly warmUp: number;
}

export const fullRace: RaceOptions = { rounds: 15, sample: 0.1, warmUp: 0.3 };
export const quickRace: RaceOptions = { rounds: 3, sample: 0.02, warmUp: 0.05 };

// Threads of a library spin on after a call; without a rest they would take a core from the next contender.
const restMilliseconds = 40;

export interface RaceResult {
  /** Seconds of a call, one for each round, of those who reached the end. */
  readonly samples: ReadonlyMap<string, readonly number[]>;
  readonly failures: ReadonlyMap<string, string>;
}

/** All take turns, every second round backwards, so that noise meets all alike. Who fails drops out with the reason. */
export async function race(
  contenders: readonly Contender[],
  { rounds, sample, warmUp }: RaceOptions,
): Promise<RaceResult> {
  const failures = new Map<string, string>();
  const samples = new Map<string, number[]>();
  const calls = new Map<Contender, number>();
  const turn = async (contender: Contender, act: () => Promise<void>): Promise<void> => {
    if (failures.has(contender.name)) return;
    try {
      await act();
    } catch (error) {
      failures.set(contender.name, error instanceof Error ? error.message : String(error));
      samples.delete(contender.name);
    }
    await sleep(restMilliseconds);
  };
  for (const contender of contenders) {
    samples.set(contender.name, []);
    await turn(contender, async () => {
      calls.set(contender, Math.max(1, Math.round(sample / (await contender.warm(warmUp)))));
    });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const contender of round % 2 === 0 ? contenders : contenders.toReversed()) {
      await turn(contender, async () => {
        samples.get(contender.name)!.push(await contender.time(calls.get(contender)!));
      });
    }
  }
  return { samples, failures };
}

/** A contender of this process; `prepare` comes before each sample and is not timed. */
export function localContender(
  name: string,
  call: () => void,
  prepare: () => void = () => undefined,
): Contender {
  const time = (calls: number): number => {
    prepare();
    const begin = performance.now();
    for (let i = 0; i < calls; i += 1) call();
    return (performance.now() - begin) / 1000 / calls;
  };
  const warm = (seconds: number): number => {
    prepare();
    const begin = performance.now();
    let calls = 0;
    do {
      call();
      calls += 1;
    } while (performance.now() - begin < seconds * 1000);
    return (performance.now() - begin) / 1000 / calls;
  };
  return { name, warm, time };
}

/** The same for calls that are waited for. */
export function awaitedContender(name: string, call: () => Promise<unknown>): Contender {
  const time = async (calls: number): Promise<number> => {
    const begin = performance.now();
    for (let i = 0; i < calls; i += 1) await call();
    return (performance.now() - begin) / 1000 / calls;
  };
  const warm = async (seconds: number): Promise<number> => {
    const begin = performance.now();
    let calls = 0;
    do {
      await call();
      calls += 1;
    } while (performance.now() - begin < seconds * 1000);
    return (performance.now() - begin) / 1000 / calls;
  };
  return { name, warm, time };
}
