import { mismatch, phrase } from '../errors.js';

/** docs/worker.md describes the messages; scripts/spiq_worker/wire.py is the other side. */
export const protocolVersion = 1;
export const mostHeaderBytes = 64 * 1024;
export const mostMessageBytes = 256 * 1024 * 1024;
export const mostTensors = 64;
const mostDimensions = 8;
/** Bounds of spaces are the only numbers that may be infinite. */
const unbounded: ReadonlySet<string> = new Set(['low', 'high']);

/** By the names of their numbers' types. */
export const arrayTypes = {
  f32: Float32Array,
  f64: Float64Array,
  i32: Int32Array,
  u32: Uint32Array,
  u16: Uint16Array,
  u8: Uint8Array,
} as const;

export type WireType = keyof typeof arrayTypes;
export type WireArray =
  Float32Array | Float64Array | Int32Array | Uint32Array | Uint16Array | Uint8Array;
export type WireBody = Readonly<Record<string, unknown>>;

export interface WireTensor {
  readonly data: WireArray;
  readonly shape: readonly number[];
}

export interface WireMessage {
  readonly id: number;
  readonly type: string;
  readonly body: WireBody;
  readonly tensors: ReadonlyMap<string, WireTensor>;
}

/** The frames of a message; the numbers are copied, so that the caller may go on with its arrays. */
export function encodeMessage({ id, type, body, tensors }: WireMessage): Buffer[] {
  const entries = [...tensors].map(([name, { data, shape }]) => ({
    name,
    dtype: typeOf(data, name),
    shape,
  }));
  const header = { p: 'spiq', v: protocolVersion, id, type, body, tensors: entries };
  const first = Buffer.from(JSON.stringify(header));
  const frames = [first];
  for (const { data } of tensors.values()) {
    frames.push(Buffer.copyBytesFrom(data));
  }
  checkSizes(frames);
  return frames;
}

export function checkSizes(frames: readonly Uint8Array[]): void {
  const header = frames[0]?.length ?? 0;
  if (header > mostHeaderBytes) {
    throw mismatch('E_TOO_LARGE', 'header', `${mostHeaderBytes} bytes at most`, header);
  }
  const total = frames.reduce((sum, frame) => sum + frame.length, 0);
  if (total > mostMessageBytes) {
    throw mismatch('E_TOO_LARGE', 'message', `${mostMessageBytes} bytes at most`, total);
  }
}

export function decodeMessage(frames: readonly Uint8Array[]): WireMessage {
  const header = parseHeader(frames[0]);
  const { v, id, type, body = {}, tensors: entries = [] } = header;
  if (!isWhole(v) || v < 1) throw mismatch('E_PROTOCOL', "header 'v'", 'a version', v);
  if (v > protocolVersion) {
    throw mismatch('E_VERSION', "header 'v'", `version ${protocolVersion}`, v);
  }
  if (!isWhole(id)) {
    throw mismatch('E_PROTOCOL', "header 'id'", 'a whole number of at least 0', id);
  }
  if (typeof type !== 'string' || type === '') {
    throw mismatch('E_PROTOCOL', "header 'type'", 'a string', type);
  }
  if (!isRecord(body)) throw mismatch('E_PROTOCOL', "header 'body'", 'an object', body);
  if (!Array.isArray(entries) || entries.length > mostTensors) {
    throw mismatch('E_PROTOCOL', "header 'tensors'", `a list of at most ${mostTensors}`, entries);
  }
  if (frames.length !== entries.length + 1) {
    const expected = `one for the header and ${entries.length} for tensors`;
    throw mismatch('E_PROTOCOL', 'frames', expected, frames.length);
  }
  const tensors = new Map<string, WireTensor>();
  entries.forEach((entry: unknown, k) => {
    const [name, tensor] = readTensor(entry, frames[k + 1]!);
    if (tensors.has(name)) {
      throw mismatch('E_PROTOCOL', `tensor '${name}'`, 'a name used once', phrase('it twice'));
    }
    tensors.set(name, tensor);
  });
  return { id, type, body, tensors };
}

function parseHeader(frame: Uint8Array | undefined): Record<string, unknown> {
  if (frame === undefined) {
    throw mismatch('E_PROTOCOL', 'message', 'a header', phrase('nothing'));
  }
  checkSizes([frame]);
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(frame));
  } catch (cause) {
    const reason = phrase(cause instanceof Error ? cause.message : String(cause));
    throw mismatch('E_PROTOCOL', 'header', 'JSON in UTF-8', reason);
  }
  if (!isRecord(header) || header.p !== 'spiq') {
    throw mismatch('E_PROTOCOL', 'header', 'an object with "p":"spiq"', header);
  }
  return header;
}

function readTensor(entry: unknown, frame: Uint8Array): [string, WireTensor] {
  if (!isRecord(entry)) throw mismatch('E_PROTOCOL', 'tensor', 'an object', entry);
  const { name, dtype, shape } = entry;
  if (typeof name !== 'string' || name === '') {
    throw mismatch('E_PROTOCOL', 'tensor name', 'a string', name);
  }
  if (typeof dtype !== 'string' || !Object.hasOwn(arrayTypes, dtype)) {
    const known = Object.keys(arrayTypes).join(' | ');
    throw mismatch('E_PROTOCOL', `dtype of tensor '${name}'`, known, dtype);
  }
  if (!Array.isArray(shape) || shape.length > mostDimensions || !shape.every(isWhole)) {
    const expected = `at most ${mostDimensions} whole numbers`;
    throw mismatch('E_PROTOCOL', `shape of tensor '${name}'`, expected, shape);
  }
  const type = arrayTypes[dtype as WireType];
  const bytes = shape.reduce((product, size) => product * size, type.BYTES_PER_ELEMENT);
  if (bytes !== frame.length) {
    throw mismatch('E_PROTOCOL', `bytes of tensor '${name}'`, `${bytes}`, frame.length);
  }
  // A frame lies anywhere in memory that the socket owns.
  const data = new type(new Uint8Array(frame).buffer);
  const permitted = unbounded.has(name) ? isNumber : Number.isFinite;
  const real = data instanceof Float32Array || data instanceof Float64Array;
  if (real && !data.every((value) => permitted(value))) {
    throw mismatch('E_NOT_FINITE', `tensor '${name}'`, 'finite numbers', phrase('others'));
  }
  return [name, { data, shape }];
}

function typeOf(data: WireArray, name: string): WireType {
  const found = Object.entries(arrayTypes).find(([, type]) => data instanceof type);
  if (found === undefined) {
    const known = Object.keys(arrayTypes).join(' | ');
    throw mismatch('E_PROTOCOL', `tensor '${name}'`, `an array of ${known}`, data);
  }
  return found[0] as WireType;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const isNumber = (value: number): boolean => !Number.isNaN(value);

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
