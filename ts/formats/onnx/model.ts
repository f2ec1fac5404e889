import { fromBinary } from '@bufbuild/protobuf';
import { SpiqError, mismatch, phrase, show } from '../../errors.js';
import { ModelProtoSchema } from './gen/onnx_pb.js';
import type { GraphProto, ModelProto, NodeProto } from './gen/onnx_pb.js';

/** Of 2017; before it operators say which inputs they overwrite. */
const oldestOpset = 6n;

export interface OnnxModel {
  readonly model: ModelProto;
  readonly graph: GraphProto;
  /** Version of the standard operators. */
  readonly opset: number;
}

export function decodeModel(bytes: Uint8Array, what: string): OnnxModel {
  const model = decode(bytes, what);
  const { graph } = model;
  if (model.irVersion < 1n || graph === undefined) {
    throw mismatch('E_FORMAT', what, 'an ONNX model with a version and a graph', bytes);
  }
  const opset = model.opsetImport.find(({ domain }) => isStandardDomain(domain))?.version;
  if (opset === undefined) {
    throw mismatch(
      'E_FORMAT',
      `${what}: opset_import`,
      'a version of the standard operators',
      phrase('none'),
    );
  }
  if (opset < oldestOpset) {
    const expected = `at least ${oldestOpset}; export the network again with a newer opset`;
    throw mismatch('E_UNSUPPORTED', `${what}: opset`, expected, opset);
  }
  if (graph.sparseInitializer.length > 0) {
    throw mismatch('E_UNSUPPORTED', `${what}: initialisers`, 'dense ones', phrase('sparse ones'));
  }
  return { model, graph, opset: Number(opset) };
}

function decode(bytes: Uint8Array, what: string): ModelProto {
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SpiqError(
      'E_FORMAT',
      `${what}: expected an ONNX model, received ${bytes.length} bytes that fail to decode: ${reason}`,
      { cause },
    );
  }
}

export function isStandardDomain(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx';
}

/** How messages call a node; `index` is its place in the file, for those without a name. */
export function labelNode(node: NodeProto, index: number, what: string): string {
  const name = node.name === '' ? `#${index}` : show(node.name);
  return `${what}: node ${name} (${node.opType})`;
}
