import { SpiqError, show } from '../../errors.js';
import { copyModel, isOtherFloat, typesOf } from './model-copy.js';
import type { CopyRequest } from './model-copy.js';
import { TensorProto_DataType as DataType } from './gen/onnx_pb.js';
import type { ModelProto } from './gen/onnx_pb.js';
import type { ExternalData } from './external-data.js';
import { checkAgainstOnnxRuntime, compareWithOnnxRuntime } from './oracle.js';
import type { ComparedValue, Forward, OracleCheck, OracleOptions } from './oracle.js';
import type { Translation } from './translate.js';

export interface CheckedImport {
  /** Path or bytes, as it was given. */
  readonly source: string | Uint8Array;
  readonly model: ModelProto;
  readonly external: ExternalData;
  readonly translation: Translation;
}

/** What onnxruntime runs in place of the file, and how messages call it. */
interface Variant {
  readonly model: string | Uint8Array;
  readonly inputType: number;
  readonly copy?: string;
}

/** Of 16 bits, which onnxruntime's own rounding would make hard to compare. */
const halfTypes: ReadonlySet<number> = new Set<number>([DataType.FLOAT16, DataType.BFLOAT16]);

/** Layers are many, and each is computed from the input on. */
const rowsForLayers = 4;

/**
 * Compares an import with onnxruntime, on the file itself where that will do. What onnxruntime cannot run in double
 * or in 16 bits it runs as a copy in float32.
 */
export async function checkImport(
  subject: CheckedImport,
  forward: Forward,
  options: OracleOptions & { readonly checkLayers?: boolean },
): Promise<OracleCheck> {
  const { graph, input, tail, outputNames } = subject.translation;
  const settings = { ...options, ...(input.batch !== undefined && { batch: input.batch }) };
  const values = outputNames.map((name, index): ComparedValue => {
    return {
      name,
      node: graph.outputs[index]!,
      tail: tail.filter(({ output }) => output === name),
    };
  });
  const check = await checkOutputs(subject, values, forward, settings);
  if (options.checkLayers !== true || check.status !== 'verified') return check;
  return { ...check, ...(await compareLayers(subject, forward, settings)) };
}

async function checkOutputs(
  subject: CheckedImport,
  values: readonly ComparedValue[],
  forward: Forward,
  options: OracleOptions & { readonly checkLayers?: boolean },
): Promise<OracleCheck> {
  const { graph, outputNames } = subject.translation;
  const checks: OracleCheck[] = [];
  for (const variant of variantsOf(subject, outputNames)) {
    const { model, inputType, copy } = variant();
    try {
      const about = { values, inputType };
      const check = await checkAgainstOnnxRuntime(model, graph, forward, options, about);
      if (check.status === 'verified') return { ...check, ...(copy !== undefined && { copy }) };
      checks.push(check);
    } catch (error) {
      if (!(error instanceof SpiqError) || error.code !== 'E_MISMATCH') throw error;
      const hint = await firstDifference(subject, forward, options);
      throw new SpiqError(error.code, `${error.message}; ${hint}`, { cause: error });
    }
  }
  // The first reason concerns the file as it is.
  return checks[0]!;
}

async function firstDifference(
  subject: CheckedImport,
  forward: Forward,
  options: OracleOptions & { readonly checkLayers?: boolean },
): Promise<string> {
  if (options.checkLayers !== true)
    return 'the option checkLayers (--check-layers) finds the layer';
  const { perLayer, reason } = await compareLayers(subject, forward, options);
  const first = perLayer?.find(({ within }) => !within);
  if (first === undefined) return `no layer before it differs${reason ? ` (${reason})` : ''}`;
  return `the first value that differs is ${show(first.name)}, by ${first.largestDeviation}`;
}

/** From the file itself to what is furthest from it; made only when its turn comes. */
function variantsOf(
  { source, model, external, translation }: CheckedImport,
  outputs: readonly string[],
): (() => Variant)[] {
  const { input } = translation;
  const request: Omit<CopyRequest, 'inFloat32'> = { model, external, input: input.name, outputs };
  const what = typeof source === 'string' ? source : 'ONNX model';
  const variants: (() => Variant)[] = [];
  const types = [...typesOf(model)];
  if (!types.some((type) => halfTypes.has(type))) variants.push(isWhole() ? itself : cut);
  if (types.some(isOtherFloat)) variants.push(inFloat32);
  return variants;

  function itself(): Variant {
    return { model: source, inputType: input.type };
  }
  function cut(): Variant {
    const copy = 'a copy of the part that was imported';
    return {
      model: copyModel({ ...request, inFloat32: false }, what),
      inputType: input.type,
      copy,
    };
  }
  function inFloat32(): Variant {
    const inputType = isOtherFloat(input.type) ? DataType.FLOAT : input.type;
    const copy = 'a float32 copy';
    return { model: copyModel({ ...request, inFloat32: true }, what), inputType, copy };
  }
  /** Whether the file has these outputs and no other input. */
  function isWhole(): boolean {
    const { initializer, input: inputs, output } = model.graph!;
    const given = new Set(initializer.map(({ name }) => name));
    const free = inputs.filter(({ name }) => !given.has(name));
    return free.length === 1 && outputs.every((name) => output.some((own) => own.name === name));
  }
}

async function compareLayers(
  { source, model, external, translation }: CheckedImport,
  forward: Forward,
  options: OracleOptions,
): Promise<Pick<OracleCheck, 'perLayer' | 'reason'>> {
  const { graph, input, layers } = translation;
  const what = typeof source === 'string' ? source : 'ONNX model';
  const outputs = [...layers.keys()];
  const inFloat32 = [...typesOf(model)].some(isOtherFloat);
  const copy = copyModel({ model, external, input: input.name, outputs, inFloat32 }, what);
  const values = [...layers].map(([name, node]) => ({ name, node }));
  const inputType = isOtherFloat(input.type) ? DataType.FLOAT : input.type;
  const settings = { ...options, rows: Math.min(options.rows ?? rowsForLayers, rowsForLayers) };
  const subject = { values, inputType };
  const compared = await compareWithOnnxRuntime(copy, graph, forward, settings, subject);
  if ('reason' in compared) return { reason: `layers: ${compared.reason}` };
  return { perLayer: compared.deviations };
}
