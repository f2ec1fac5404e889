export interface Timing {
  /** Seconds of one call. */
  readonly median: number;
  readonly fastest: number;
  readonly slowest: number;
  readonly calls: number;
}

const warmUpSeconds = 0.3;
const samples = 15;
const sampleSeconds = 0.1;

/** Times `call` in samples long enough for the clock, after a warm-up; each sample is the mean of its calls. */
export function time(call: () => void): Timing {
  const perCall = runFor(call, warmUpSeconds).seconds;
  const repeats = Math.max(1, Math.round(sampleSeconds / perCall));
  const seconds = Array.from({ length: samples }, () => {
    const begin = performance.now();
    for (let i = 0; i < repeats; i += 1) call();
    return (performance.now() - begin) / 1000 / repeats;
  }).sort((a, b) => a - b);
  return {
    median: seconds[Math.floor(samples / 2)]!,
    fastest: seconds[0]!,
    slowest: seconds.at(-1)!,
    calls: repeats * samples,
  };
}

function runFor(call: () => void, budget: number): { seconds: number } {
  const begin = performance.now();
  let calls = 0;
  while (performance.now() - begin < budget * 1000 || calls === 0) {
    call();
    calls += 1;
  }
  return { seconds: (performance.now() - begin) / 1000 / calls };
}
