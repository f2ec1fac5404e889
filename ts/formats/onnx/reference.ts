import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ReferenceOutput } from './compare.js';

type Runtime = typeof import('onnxruntime-node');
export type LoadRuntime = () => Promise<Runtime>;

export interface ReferenceRequest {
  /** A path where there is one: onnxruntime cannot resolve neighbouring files from bytes. */
  readonly model: string | Uint8Array;
  readonly samples: Float32Array;
  readonly rows: number;
  /** Of one observation. */
  readonly shape: readonly number[];
  /** Observations for each run. */
  readonly batch: number;
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
  { samples, rows, shape, batch }: ReferenceRequest,
): Promise<ReferenceOutput[]> {
  const [inputName = ''] = session.inputNames;
  const width = samples.length / rows;
  const parts = session.outputNames.map((name) => ({ name, pieces: [] as Float32Array[] }));
  for (let row = 0; row < rows; row += batch) {
    const chunk = samples.slice(row * width, (row + batch) * width);
    const input = new runtime.Tensor('float32', chunk, [batch, ...shape]);
    const results = await session.run({ [inputName]: input });
    for (const { name, pieces } of parts) pieces.push(floatData(name, results[name]));
  }
  return parts.map(({ name, pieces }) => ({ name, data: concatenate(pieces) }));
}

function floatData(name: string, tensor: Tensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new TypeError(`output '${name}' is of type ${tensor?.type ?? 'unknown'}, not float32`);
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
