import type { ChipNetwork } from '../../ts/fixed.js';

/** SpiNNaker's neurons written down plainly in big integers, as an oracle for `native/core/fixed`. */
export interface ReferenceChip {
  readonly counts: number[][];
  readonly potentials: number[][];
  readonly clipped: number;
  readonly overflows: number;
  readonly largestCurrent: number;
}

export interface ReferenceChipOptions {
  readonly steps: number;
  readonly tauM: number;
  readonly truncate: boolean;
}

interface Synapse {
  readonly pre: number;
  readonly post: number;
  readonly value: number;
}

interface Stage {
  readonly units: number;
  readonly fires: boolean;
  readonly thresholds: bigint[];
  readonly offsets: bigint[];
  readonly start: bigint[];
  /** Of each receptor: from each input to each unit, in quanta. */
  readonly quanta: readonly [Map<string, bigint>, Map<string, bigint>];
  readonly shifts: readonly [number, number];
}

/** Rounded, halves to the even neighbour. */
export function roundHalfEven(value: number): bigint {
  const below = Math.floor(value);
  const rest = value - below;
  if (rest !== 0.5) return BigInt(rest < 0.5 ? below : below + 1);
  return BigInt(below % 2 === 0 ? below : below + 1);
}

const fixed = (value: number): bigint => roundHalfEven(value * 32768);
const float = (value: bigint): number => Number(value) / 32768;

export function synapsesOf({ layers, inputs }: ChipNetwork, index: number): Synapse[] {
  const { weight } = layers[index]!;
  const fanIn = index === 0 ? inputs : layers[index - 1]!.units;
  if ('pre' in weight) {
    const { pre, post, value } = weight;
    return Array.from(pre, (from, i) => ({ pre: from, post: post[i]!, value: value[i]! }));
  }
  return Array.from(weight, (value, i) => ({
    pre: i % fanIn,
    post: Math.floor(i / fanIn),
    value,
  }));
}

/** The least whole number s from 0 on with sum < 2^s, for the largest sum of a unit. */
function shiftOf(synapses: readonly Synapse[]): number {
  const sums = new Map<number, number>();
  for (const { post, value } of synapses) sums.set(post, (sums.get(post) ?? 0) + Math.abs(value));
  let shift = 0;
  while (Math.max(0, ...sums.values()) >= 2 ** shift) shift += 1;
  return shift;
}

function stage(network: ChipNetwork, index: number): Stage {
  const { units, bias, threshold = 1, fires, initial, shift } = network.layers[index]!;
  const synapses = synapsesOf(network, index);
  const bySign = [
    synapses.filter(({ value }) => value >= 0),
    synapses.filter(({ value }) => value < 0),
  ] as const;
  const shifts = shift ?? [shiftOf(bySign[0]), shiftOf(bySign[1])];
  const quanta = bySign.map((list, r) => {
    const map = new Map<string, bigint>();
    for (const { pre, post, value } of list) {
      const key = `${pre} ${post}`;
      const weight = roundHalfEven(Math.abs(value) * 2 ** (15 - shifts[r]!));
      map.set(key, (map.get(key) ?? 0n) + weight);
    }
    return map;
  });
  const each = Array.from({ length: units }, (_, u) => u);
  const offsets = each.map((u) => fixed(bias?.[u] ?? 0));
  const thresholds = each.map((u) =>
    fixed(typeof threshold === 'number' ? threshold : threshold[u]!),
  );
  const firing = fires ?? index < network.layers.length - 1;
  const start = each.map((u) => {
    if (initial) return fixed(initial[u]!);
    const wanted = BigInt(-index) * offsets[u]!;
    const most = firing ? thresholds[u]! - 1n : 2n ** 31n - 1n;
    return wanted > most ? most : wanted < -(2n ** 31n) ? -(2n ** 31n) : wanted;
  });
  const [excitatory, inhibitory] = quanta as [Map<string, bigint>, Map<string, bigint>];
  return {
    units,
    fires: firing,
    thresholds,
    offsets,
    start,
    quanta: [excitatory, inhibitory],
    shifts,
  };
}

/** Rows whose first layer's sums are exact in float64 whatever their order. */
export function referenceChip(
  network: ChipNetwork,
  rows: readonly (readonly number[])[],
  { steps, tauM, truncate }: ReferenceChipOptions,
): ReferenceChip {
  const stages = network.layers.map((_, index) => stage(network, index));
  const [resistance, decay] = [fixed(tauM), fixed(Math.exp(-1 / tauM))];
  const half = truncate ? 0n : 16384n;
  let [clipped, overflows, largest] = [0, 0, 0n];
  const counts: number[][] = [];
  const potentials: number[][] = [];

  const update = (v: bigint, current: bigint): bigint => {
    const exacts: bigint[] = [];
    const keep = (exact: bigint): bigint => {
      exacts.push(exact);
      return BigInt.asIntN(32, exact);
    };
    const times = (a: bigint, b: bigint): bigint => (a * b + half) >> 15n;
    const alpha = keep(times(keep(current), resistance));
    const next = keep(alpha - times(decay, keep(alpha - v)));
    if (exacts.some((exact) => BigInt.asIntN(32, exact) !== exact)) overflows += 1;
    return next;
  };

  for (const row of rows) {
    const first = new Array<number>(stages[0]!.units).fill(0);
    for (const { pre, post, value } of synapsesOf(network, 0))
      first[post] = first[post]! + value * row[pre]!;
    const offsets = first.map((sum, u) => fixed(sum + (network.layers[0]!.bias?.[u] ?? 0)));
    const v = stages.map(({ start }) => [...start]);
    const fired = stages.map(({ units }) => new Array<number>(units).fill(0));
    let before: number[][] = stages.map(() => []);
    for (let step = 0; step < steps + stages.length - 1; step += 1) {
      const now: number[][] = stages.map(() => []);
      stages.forEach((layer, l) => {
        for (let u = 0; u < layer.units; u += 1) {
          let current = l === 0 ? offsets[u]! : layer.offsets[u]!;
          if (l > 0) {
            layer.quanta.forEach((quanta, receptor) => {
              let buffer = 0n;
              for (const pre of before[l - 1]!) buffer += quanta.get(`${pre} ${u}`) ?? 0n;
              if (buffer > 65535n) [buffer, clipped] = [65535n, clipped + 1];
              const received = buffer << BigInt(layer.shifts[receptor]!);
              current += receptor === 0 ? received : -received;
            });
          }
          const magnitude = current < 0n ? -current : current;
          if (magnitude > largest) largest = magnitude;
          v[l]![u] = update(v[l]![u]!, current);
          if (!layer.fires || v[l]![u]! < layer.thresholds[u]!) continue;
          v[l]![u] = 0n;
          now[l]!.push(u);
          if (step >= l && step < l + steps) fired[l]![u]! += 1;
        }
      });
      before = now;
    }
    counts.push(fired.filter((_, l) => stages[l]!.fires).flat());
    potentials.push(v.at(-1)!.map(float));
  }
  return { counts, potentials, clipped, overflows, largestCurrent: float(largest) };
}
