import { mismatch, phrase } from '../errors.js';
import { isRecord, type WireBody, type WireMessage } from '../wire/message.js';

/** What a back end made of the network. */
export interface Built {
  /** Steps that each layer runs late; rasters are shifted back. */
  readonly lag: readonly number[];
  readonly neurons: number;
  readonly synapses: number;
  readonly milliseconds: number;
  /** What the back end changed: its time constant, the steps of its weights. */
  readonly effective: Readonly<Record<string, unknown>>;
  /** Weights as the back end's tools read them back, by the names of `sim.build`. */
  readonly weights: ReadonlyMap<string, Float64Array>;
}

/** Numbers of a run beside its results. */
export interface RunFigures {
  readonly simulationMilliseconds: number;
  /** Potentials or weights that had to be cut to the back end's range. */
  readonly clipped: number;
  readonly overflows: number;
}

export interface RunArrays extends RunFigures {
  /** [rows][outputs]. */
  readonly potentials: Float64Array;
  /** [rows][neurons of all firing layers]. */
  readonly counts: Uint32Array;
}

export function readBuilt(message: WireMessage, layers: number): Built {
  expectType(message, 'sim.built');
  const { body, tensors } = message;
  const { lag, effective } = body;
  if (!Array.isArray(lag) || lag.length !== layers || !lag.every(isCount)) {
    throw mismatch('E_PROTOCOL', "sim.built 'lag'", `${layers} numbers of steps`, lag);
  }
  const weights = new Map<string, Float64Array>();
  for (const [name, { data }] of tensors) {
    weights.set(name, Float64Array.from(data));
  }
  return {
    lag: lag,
    neurons: count(body, 'neurons'),
    synapses: count(body, 'synapses'),
    milliseconds: real(body, 'buildMs'),
    effective: isRecord(effective) ? effective : {},
    weights,
  };
}

export function readResult(
  message: WireMessage,
  rows: number,
  outputs: number,
  neurons: number,
): RunArrays {
  expectType(message, 'sim.result');
  const { body } = message;
  return {
    potentials: tensor(message, 'potentials', Float64Array, [rows, outputs]),
    counts: tensor(message, 'counts', Uint32Array, [rows, neurons]),
    simulationMilliseconds: real(body, 'simMs'),
    clipped: optionalCount(body, 'clipped'),
    overflows: optionalCount(body, 'overflows'),
  };
}

export function tensor<T extends Float64Array | Uint32Array>(
  { type, tensors }: WireMessage,
  name: string,
  kind: new (length: number) => T,
  shape: readonly (number | 'any')[],
): T {
  const found = tensors.get(name);
  const fits =
    found?.data instanceof kind &&
    found.shape.length === shape.length &&
    found.shape.every((size, axis) => shape[axis] === 'any' || size === shape[axis]);
  if (fits) return found.data;
  const came =
    found === undefined ? 'none' : `${found.data.constructor.name} [${found.shape.join(', ')}]`;
  const expected = `${kind.name} [${shape.join(', ')}]`;
  throw mismatch('E_PROTOCOL', `${type}: tensor '${name}'`, expected, phrase(came));
}

export function expectType({ type }: WireMessage, expected: string): void {
  if (type !== expected) throw mismatch('E_PROTOCOL', 'answer of the worker', expected, type);
}

export function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function count(body: WireBody, name: string): number {
  const value = body[name];
  if (isCount(value)) return value;
  throw mismatch('E_PROTOCOL', `answer's '${name}'`, 'a whole number', value);
}

function optionalCount(body: WireBody, name: string): number {
  return body[name] === undefined || body[name] === null ? 0 : count(body, name);
}

function real(body: WireBody, name: string): number {
  const value = body[name];
  if (typeof value === 'number') return value;
  throw mismatch('E_PROTOCOL', `answer's '${name}'`, 'a number', value);
}
