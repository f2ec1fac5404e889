import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';

type Runtime = typeof import('onnxruntime-node');
export type LoadRuntime = () => Promise<Runtime>;

export interface ReferenceRequest {
  /** A path where there is one: onnxruntime cannot resolve neighbouring files from bytes. */
  readonly model: string | Uint8Array;
  readonly samples: Float32Array;
  readonly rows: number;
  /** Of one observation. */
  readonly shape: readonly number[];
  readonly inputType: number;
  /** Observations for each run. */
  readonly batch: number;
  /** Names of the outputs to compute; left out, all of them. */
  readonly outputs?: readonly string[];
}

export interface ReferenceOutput {
  readonly name: string;
  /** Row-major, one row for each observation. */
  readonly data: Float32Array;
}

export type ReferenceResult =
  | { readonly outputs: readonly ReferenceOutput[] }
  /** Why the model could not be run. */
  | { readonly reason: string };

/** Loaded only when an import asks for it: the library takes about 100 ms and much memory to start. */
const loadInstalled: LoadRuntime = () => import('onnxruntime-node');

/** Unoptimised and on one thread: the reference is to be the plain meaning of the file. */
const sessionOptions: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'disabled',
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  // 3 is "error": nothing else may reach the user's terminal.
  logSeverityLevel: 3,
};

export async function runReference(
  request: ReferenceRequest,
  loadRuntime: LoadRuntime = loadInstalled,
): Promise<ReferenceResult> {
  let session: InferenceSession | undefined;
  try {
    const runtime = await loadRuntime();
    session = await createSession(runtime, request.model);
    return { outputs: await runBatches(runtime, session, request) };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { reason: `onnxruntime could not run the model: ${reason}` };
  } finally {
    await session?.release();
  }
}

function createSession(runtime: Runtime, model: string | Uint8Array): Promise<InferenceSession> {
  // Two calls because the signatures for paths and bytes are separate overloads.
  if (typeof model === 'string') return runtime.InferenceSession.create(model, sessionOptions);
  return runtime.InferenceSession.create(model, sessionOptions);
}

async function runBatches(
  runtime: Runtime,
  session: InferenceSession,
  { samples, rows, shape, inputType, batch, outputs = session.outputNames }: ReferenceRequest,
): Promise<ReferenceOutput[]> {
  const [inputName = ''] = session.inputNames;
  const width = samples.length / rows;
  const parts = outputs.map((name) => ({ name, pieces: [] as Float32Array[] }));
  for (let row = 0; row < rows; row += batch) {
    const chunk = samples.slice(row * width, (row + batch) * width);
    const make = inputMakers[inputType];
    if (make === undefined) throw new TypeError(`no input has the type ${inputType}`);
    const input = make(runtime, chunk, [batch, ...shape]);
    const results = await session.run({ [inputName]: input }, [...outputs]);
    for (const { name, pieces } of parts) pieces.push(floatData(name, results[name]));
  }
  return parts.map(({ name, pieces }) => ({ name, data: concatenate(pieces) }));
}

type InputMaker = (runtime: Runtime, chunk: Float32Array, dims: number[]) => Tensor;

const whole = (chunk: Float32Array): bigint[] => Array.from(chunk, BigInt);

/** Tensors of the types that inputs may have, but for those of 16 bits, which run as copies in float32. */
const inputMakers: Readonly<Partial<Record<number, InputMaker>>> = {
  [DataType.FLOAT]: ({ Tensor }, chunk, dims) => new Tensor('float32', chunk, dims),
  [DataType.DOUBLE]: ({ Tensor }, chunk, dims) =>
    new Tensor('float64', Float64Array.from(chunk), dims),
  [DataType.UINT8]: ({ Tensor }, chunk, dims) => new Tensor('uint8', Uint8Array.from(chunk), dims),
  [DataType.INT8]: ({ Tensor }, chunk, dims) => new Tensor('int8', Int8Array.from(chunk), dims),
  [DataType.UINT16]: ({ Tensor }, chunk, dims) =>
    new Tensor('uint16', Uint16Array.from(chunk), dims),
  [DataType.INT16]: ({ Tensor }, chunk, dims) => new Tensor('int16', Int16Array.from(chunk), dims),
  [DataType.UINT32]: ({ Tensor }, chunk, dims) =>
    new Tensor('uint32', Uint32Array.from(chunk), dims),
  [DataType.INT32]: ({ Tensor }, chunk, dims) => new Tensor('int32', Int32Array.from(chunk), dims),
  [DataType.UINT64]: ({ Tensor }, chunk, dims) =>
    new Tensor('uint64', BigUint64Array.from(whole(chunk)), dims),
  [DataType.INT64]: ({ Tensor }, chunk, dims) =>
    new Tensor('int64', BigInt64Array.from(whole(chunk)), dims),
};

function floatData(name: string, tensor: Tensor | undefined): Float32Array {
  const data: unknown = tensor?.data;
  if (data instanceof Float32Array) return data;
  if (data instanceof Float64Array || data instanceof Int32Array) return Float32Array.from(data);
  // What ArgMax gives.
  if (data instanceof BigInt64Array) return Float32Array.from(data, Number);
  throw new TypeError(`output '${name}' is of type ${tensor?.type ?? 'unknown'}, not of numbers`);
}

function concatenate(pieces: readonly Float32Array[]): Float32Array {
  const joined = new Float32Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let offset = 0;
  for (const piece of pieces) {
    joined.set(piece, offset);
    offset += piece.length;
  }
  return joined;
}
