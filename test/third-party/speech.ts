import { spawnSync } from 'node:child_process';

export interface Utterance {
  readonly text: string;
  /** A voice of espeak-ng, with a variant behind the plus sign. */
  readonly voice: string;
  /** Words per minute. */
  readonly speed: number;
  /** 0 to 99. */
  readonly pitch: number;
}

export const speechRate = 16_000;
export const synthesiser = 'espeak-ng';

/** Half the width of the filter, in samples of the source. */
const filterReach = 16;

/** Synthesised speech at 16 kHz, in the range of 16-bit samples. */
export function speak({ text, voice, speed, pitch }: Utterance): Float32Array {
  const options = ['-v', voice, '-s', String(speed), '-p', String(pitch), '--stdout', text];
  const { status, stdout, stderr, error } = spawnSync(synthesiser, options, { maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${synthesiser}: ${error?.message ?? stderr.toString()}`);
  const rate = stdout.readUInt32LE(24);
  const samples = pcm(stdout);
  return resample(samples, rate);
}

/** The 16-bit samples of a wave file; on a pipe espeak-ng cannot know the length, so they reach to the end. */
function pcm(wave: Buffer): Float32Array {
  const start = wave.indexOf('data') + 8;
  const count = Math.floor((wave.length - start) / 2);
  return Float32Array.from({ length: count }, (_, index) => wave.readInt16LE(start + 2 * index));
}

/** A sinc under a raised cosine, its edge a little below half the lower rate. The weights recur: 16000 / 22050 = 320 / 441. */
function resample(samples: Float32Array, rate: number): Float32Array {
  const phases = speechRate / greatestDivisor(speechRate, rate);
  const edge = Math.min(1, speechRate / rate) * 0.95;
  const weights = Array.from({ length: phases }, (_, phase) => {
    const place = ((phase * rate) / speechRate) % 1;
    return Float64Array.from({ length: 2 * filterReach }, (_, tap) => {
      const apart = place - (tap - filterReach + 1);
      const taper = 0.5 + 0.5 * Math.cos((Math.PI * apart) / (filterReach + 1));
      return edge * sinc(edge * apart) * taper;
    });
  });
  const length = Math.floor((samples.length * speechRate) / rate);
  return Float32Array.from({ length }, (_, index) => {
    const first = Math.floor((index * rate) / speechRate) - filterReach + 1;
    let sum = 0;
    weights[index % phases]!.forEach(
      (weight, tap) => (sum += weight * (samples[first + tap] ?? 0)),
    );
    return sum;
  });
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}
