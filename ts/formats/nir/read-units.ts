import { show } from '../../errors.js';
import type { AccumulatorNode, NeuronNode, Tensor } from '../../graph.js';
import { sameShape } from '../sizes.js';
import { above } from './float32.js';
import type { ReadContext } from './read-context.js';
import type { NirRecord } from './record.js';

type Shape = readonly number[];

/** Units in spiq's terms: c ← gain · c + drive for each channel, then the node. */
export interface Units {
  readonly node: NeuronNode | AccumulatorNode;
  readonly gain: Float64Array;
  readonly drive: Float64Array;
}

type Reader = (record: NirRecord, shape: Shape, context: ReadContext) => Units;

export const unitReaders: Readonly<Record<string, Reader>> = {
  I: (record, shape, context) => integrator(record, shape, context, accumulator),
  IF: (record, shape, context) => integrator(record, shape, context, neuron),
  LI: (record, shape, context) => leaky(record, shape, context, accumulator),
  LIF: (record, shape, context) => leaky(record, shape, context, neuron),
  CubaLI: (record, shape, context) => current(record, shape, context, accumulator),
  CubaLIF: (record, shape, context) => current(record, shape, context, neuron),
  Threshold: (record, shape, context) => ({
    node: { ...firing(record, 'threshold', shape, context), beta: 0, reset: 'zero' },
    gain: new Float64Array(shape[0]!).fill(1),
    drive: new Float64Array(shape[0]!),
  }),
};

interface Decays {
  readonly alpha: number;
  readonly beta: number;
}

type Finish = (
  record: NirRecord,
  decays: Decays,
  shape: Shape,
  context: ReadContext,
) => Units['node'];

const accumulator: Finish = ({ name }, { alpha, beta }) => ({
  kind: 'accumulator',
  name,
  ...(alpha !== 0 && { alpha }),
  ...(beta !== 1 && { beta }),
});

const neuron: Finish = (record, { alpha, beta }, shape, context) => ({
  ...firing(record, 'v_threshold', shape, context),
  ...(alpha !== 0 && { alpha }),
  ...(beta !== 1 && { beta }),
  ...resetOf(record, shape, context),
});

function integrator(record: NirRecord, shape: Shape, context: ReadContext, finish: Finish): Units {
  const { convention, dt, dtKnown, note, profile } = context;
  let gain = perChannel(record, 'r', shape);
  if (convention.ignoresResistance) {
    if (gain.some((r) => r !== 1))
      note(`node ${show(record.name)}: r is left aside, as ${profile} does`);
    gain.fill(1);
  } else if (!convention.stepwise) {
    // Most libraries write r = 1 for "input is added as it is", in whatever unit of time.
    const perStep = profile === 'generic' && !dtKnown && gain.every((r) => r === 1);
    if (perStep)
      note(
        `node ${show(record.name)}: r = 1 is taken for one unit a step; a dt would say otherwise`,
      );
    else gain = gain.map((r) => r * dt);
  }
  const node = finish(record, { alpha: 0, beta: 1 }, shape, context);
  return { node, gain, drive: new Float64Array(gain.length) };
}

function leaky(record: NirRecord, shape: Shape, context: ReadContext, finish: Finish): Units {
  const { convention, profile, note } = context;
  const { share, kept } = decayOf(record, 'tau', shape, context);
  const r = perChannel(record, 'r', shape);
  const leak = perChannel(record, 'v_leak', shape);
  if (convention.ignoresResistance && r.some((value) => value !== 1)) {
    note(`node ${show(record.name)}: r is left aside, as ${profile} does`);
  }
  if (convention.exponential && leak.some((value) => value !== 0)) {
    throw record.refuse(`v_leak of 0 for ${profile}`, leak[0]);
  }
  const node = finish(record, { alpha: 0, beta: kept }, shape, context);
  const gain = convention.ignoresResistance
    ? r.map(() => (convention.exponential ? 1 : share))
    : r.map((value) => share * value);
  return { node, gain, drive: leak.map((value) => share * value) };
}

function current(record: NirRecord, shape: Shape, context: ReadContext, finish: Finish): Units {
  const membrane = decayOf(record, 'tau_mem', shape, context);
  const synapse = decayOf(record, 'tau_syn', shape, context);
  const r = perChannel(record, 'r', shape);
  const leak = perChannel(record, 'v_leak', shape);
  if (leak.some((value) => value !== 0)) throw record.refuse('v_leak of 0', leak[0]);
  const weight = record.has('w_in') ? perChannel(record, 'w_in', shape) : r.map(() => 1);
  const node = finish(record, { alpha: synapse.kept, beta: membrane.kept }, shape, context);
  const gain = r.map((value, index) => synapse.share * weight[index]! * membrane.share * value);
  return { node, gain, drive: new Float64Array(gain.length) };
}

/** What a step keeps of a quantity with this time constant, and the share of its input that it takes. */
function decayOf(record: NirRecord, field: string, shape: Shape, { convention, dt }: ReadContext) {
  const tau = uniform(record, field, shape);
  const share = convention.exponential ? 1 - Math.exp(-dt / tau) : dt / tau;
  if (tau > 0 && share <= 1 + 1e-6)
    return { share: Math.min(share, 1), kept: Math.max(0, 1 - share) };
  throw record.refuse(`${field} of at least one step of ${dt} s (dt says how long a step is)`, tau);
}

function firing(record: NirRecord, field: string, shape: Shape, { convention }: ReadContext) {
  const values = perChannel(record, field, shape).map((value) => {
    if (value < 0) throw record.refuse(`${field} of at least 0`, value);
    return convention.strict ? above(value) : Math.fround(value);
  });
  const node = { kind: 'neuron', name: record.name } as const;
  const [first = 1] = values;
  if (values.every((value) => value === first)) return { ...node, threshold: first };
  const thresholds: Tensor = { shape: [values.length], data: Float32Array.from(values) };
  return { ...node, thresholds };
}

function resetOf(record: NirRecord, shape: Shape, { convention, note, profile }: ReadContext) {
  if (convention.resets === 'by subtraction') {
    return { reset: 'subtraction', ...(convention.bursts && { burst: 100 }) } as const;
  }
  const value = record.has('v_reset') ? uniform(record, 'v_reset', shape) : 0;
  if (value === 0) return { reset: 'zero' } as const;
  if (convention.resets === 'as written') {
    const initial = convention.beginsAtReset && { initial: value };
    return { reset: 'value', resetValue: value, ...initial } as const;
  }
  note(`node ${show(record.name)}: v_reset of ${value} is left aside, as ${profile} does`);
  return { reset: 'zero' } as const;
}

/** A parameter for each channel, the first dimension of `shape`; it may not differ within one. */
export function perChannel(record: NirRecord, field: string, shape: Shape): Float64Array {
  const { shape: own, data } = record.numbers(field);
  const channels = shape[0] ?? 1;
  if (data.length === 1) return new Float64Array(channels).fill(data[0]!);
  const isChannels = own[0] === channels && data.length === channels;
  if (!isChannels && !sameShape(own, shape)) {
    throw record.refuse(`'${field}' of one value or of shape ${show(shape)}`, own);
  }
  const inner = data.length / channels;
  return Float64Array.from({ length: channels }, (_, channel) => {
    const first = data[channel * inner]!;
    const other = data.subarray(channel * inner, (channel + 1) * inner).find((x) => x !== first);
    if (other === undefined) return first;
    throw record.refuse(`one '${field}' for all units of a channel`, [first, other]);
  });
}

function uniform(record: NirRecord, field: string, shape: Shape): number {
  const values = perChannel(record, field, shape);
  const other = values.find((value) => value !== values[0]);
  if (other === undefined) return values[0]!;
  throw record.refuse(`one '${field}' for all units`, [values[0], other]);
}
