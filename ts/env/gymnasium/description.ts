import { SpiqError, mismatch } from '../../errors.js';
import { Fields } from '../../formats/fields.js';
import type { WireType } from '../../wire/message.js';
import type { WorkerReply } from '../../wire/worker.js';

export interface GymnasiumActions {
  readonly count: number;
  /** What the environment itself calls the first of them; here they go from 0. */
  readonly start: number;
  readonly names: readonly string[] | null;
}

export interface GymnasiumObservation {
  readonly dtype: WireType;
  readonly shape: readonly number[];
  /** Numbers of one observation. */
  readonly size: number;
  /** One number where it holds for all; bounds may be infinite. */
  readonly low: number | readonly number[];
  readonly high: number | readonly number[];
}

export interface EnvironmentDescription {
  /** The worker's name for the environments. */
  readonly name: string;
  readonly slotBytes: number;
  readonly bytes: number;
  readonly action: GymnasiumActions;
  readonly observation: GymnasiumObservation;
  /** 2 where the emulator's frame before the newest is there too. */
  readonly frames: 1 | 2;
  /** Rows and columns of the picture in each slot. */
  readonly picture: readonly [number, number] | null;
  readonly lives: number | null;
  readonly maxSteps: number | null;
}

export const bytesOf: Readonly<Record<WireType, number>> = {
  f32: 4,
  f64: 8,
  i32: 4,
  u32: 4,
  u16: 2,
  u8: 1,
};

/** What `env.made` says about `count` copies. */
export function readDescription(reply: WorkerReply, count: number): EnvironmentDescription {
  try {
    return read(reply, count);
  } catch (error) {
    // Whatever a worker gets wrong in its description breaks the protocol.
    throw error instanceof SpiqError ? new SpiqError('E_PROTOCOL', error.message) : error;
  }
}

function read({ body, tensors }: WorkerReply, count: number): EnvironmentDescription {
  const made = new Fields(body, 'env.made');
  const action = new Fields(made.raw('action'), 'env.made action');
  const seen = new Fields(made.raw('observation'), 'env.made observation');
  const shape = seen.counts('shape');
  const size = shape.reduce((product, length) => product * length, 1);
  const bound = (name: 'low' | 'high'): number | readonly number[] => {
    const sent = tensors.get(name);
    const value = sent === undefined ? seen.raw(name) : [...sent];
    if (!Array.isArray(value)) return boundOf(value, name);
    if (value.length !== size) {
      throw mismatch('E_PROTOCOL', `bounds '${name}'`, `${size} numbers`, value.length);
    }
    return value.map((one: unknown) => boundOf(one, name));
  };
  const picture = made.raw('picture') === null ? null : made.counts('picture');
  const names = action.raw('names') === null ? null : action.strings('names');
  const described: EnvironmentDescription = {
    name: made.string('env'),
    slotBytes: made.count('slotBytes'),
    bytes: made.count('bytes'),
    action: { count: action.count('count'), start: action.number('start'), names },
    observation: {
      dtype: seen.oneOf('dtype', Object.keys(bytesOf) as WireType[]),
      shape,
      size,
      low: bound('low'),
      high: bound('high'),
    },
    frames: made.count('frames') === 2 ? 2 : 1,
    picture: picture === null ? null : [picture[0] ?? 0, picture[1] ?? 0],
    lives: made.raw('lives') === null ? null : made.count('lives'),
    maxSteps: made.raw('maxSteps') === null ? null : made.count('maxSteps'),
  };
  const expected = partsOf(described).end;
  if (described.slotBytes !== expected) {
    throw mismatch('E_PROTOCOL', 'bytes of a slot', `${expected}`, described.slotBytes);
  }
  if (described.bytes !== expected * count) {
    throw mismatch('E_PROTOCOL', 'bytes of all slots', `${expected * count}`, described.bytes);
  }
  return described;
}

/** Bytes, a cache line. */
const alignment = 64;

/** Where the parts of a slot begin. */
export function partsOf({
  observation,
  frames,
  picture,
}: Pick<EnvironmentDescription, 'observation' | 'frames' | 'picture'>) {
  const aligned = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;
  const observationBytes = observation.size * bytesOf[observation.dtype];
  const pictureBytes = picture === null ? 0 : picture[0] * picture[1] * 3;
  const pictureAt = aligned(observationBytes) * frames;
  return {
    observationBytes,
    previousAt: aligned(observationBytes),
    pictureAt,
    pictureBytes,
    end: pictureAt + aligned(pictureBytes),
  };
}

function boundOf(value: unknown, name: string): number {
  if (value === 'inf') return Infinity;
  if (value === '-inf') return -Infinity;
  if (typeof value === 'number') return value;
  throw mismatch('E_PROTOCOL', `bounds '${name}'`, 'a number, "inf" or "-inf"', value);
}
