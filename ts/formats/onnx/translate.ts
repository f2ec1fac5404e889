import { SpiqError, mismatch, phrase, show } from '../../errors.js';
import type { Graph } from '../../graph.js';
import { adviceFor } from './advice.js';
import { unsupported } from './context.js';
import { folders } from './folding/index.js';
import type { GraphProto } from './gen/onnx_pb.js';
import { GraphBuilder } from './graph-builder.js';
import { decodeIntegers } from './integers.js';
import { isStandardDomain } from './model.js';
import { NodeNames } from './node-names.js';
import { operators } from './operators/index.js';
import { describeUnused, orderNodes } from './order.js';
import type { LabelledNode } from './order.js';
import { checkDeclaredShape, readInput } from './ports.js';
import type { InputPort } from './ports.js';
import { decodeTensor } from './tensors.js';
import { lazyConstant } from './values.js';
import type { Constant, Value } from './values.js';

export interface Translation {
  readonly graph: Graph;
  readonly input: InputPort;
  /** ONNX names, in the order of `graph.outputs`. */
  readonly outputNames: readonly string[];
  readonly notes: readonly string[];
}

export function translateGraph(proto: GraphProto, what: string): Translation {
  const input = readInput(proto, what);
  const { needed, unused } = orderNodes(proto, what);
  const notes = describeUnused(unused);
  const values = new Map<string, Value>(readInitialisers(proto, notes, what));
  const builder = new GraphBuilder(new NodeNames(needed));
  const inputValue = builder.addInput(input);
  values.set(input.name, inputValue);

  for (const entry of needed) {
    const [output = '', ...others] = entry.node.output;
    if (output === '' || others.length > 0) throw unknownOperator(entry);
    values.set(output, translateNode(entry, values, builder));
  }
  for (const declared of [...proto.valueInfo, ...proto.output]) {
    const value = values.get(declared.name);
    if (value?.kind === 'activation') checkDeclaredShape(declared, value.shape, what);
  }
  const outputNames = proto.output.map(({ name }) => name);
  const outputs = outputNames.map((name) => {
    return outputNode(name, values.get(name), inputValue, builder, what);
  });
  if (outputs.length === 0) throw mismatch('E_GRAPH', `${what}: outputs`, 'at least one', 0);
  if (new Set(outputs).size !== outputs.length) {
    throw mismatch('E_UNSUPPORTED', `${what}: outputs`, 'a different value for each', outputNames);
  }
  return { graph: builder.build(outputs), input, outputNames, notes };
}

function readInitialisers(proto: GraphProto, notes: string[], what: string): [string, Constant][] {
  const names = new Set<string>();
  return proto.initializer.map((tensor) => {
    const label = `${what}: initialiser ${show(tensor.name)}`;
    if (names.has(tensor.name))
      throw mismatch('E_GRAPH', label, 'a name of its own', phrase('a second one'));
    names.add(tensor.name);
    const constant = lazyConstant(
      () => {
        const { exact, ...decoded } = decodeTensor(tensor, label);
        if (!exact) notes.push(`initialiser ${show(tensor.name)} was rounded to float32`);
        return decoded;
      },
      () => decodeIntegers(tensor, label),
    );
    return [tensor.name, constant];
  });
}

function translateNode(
  entry: LabelledNode,
  values: ReadonlyMap<string, Value>,
  builder: GraphBuilder,
): Value {
  const { node, label } = entry;
  if (!isStandardDomain(node.domain)) throw unknownOperator(entry);
  const inputs = node.input.map((name) => (name === '' ? undefined : lookUp(name, values, label)));
  const isConstant = inputs.every((input) => input?.kind !== 'activation');
  const fold = isConstant ? folders.get(node.opType) : undefined;
  if (fold !== undefined) return fold({ node, label, inputs });
  const translate = operators.get(node.opType);
  if (translate === undefined) throw unknownOperator(entry);
  return translate({ node, label, inputs, builder });
}

function lookUp(name: string, values: ReadonlyMap<string, Value>, label: string): Value {
  const value = values.get(name);
  if (value !== undefined) return value;
  throw new SpiqError('E_INTERNAL', `${label}: input ${show(name)} was ordered after its use`);
}

function unknownOperator({ node, label }: LabelledNode): SpiqError {
  if (!isStandardDomain(node.domain)) {
    const why = `operators of the domain ${show(node.domain)} are not standard ONNX`;
    return unsupported(label, why, 'export the network with standard operators');
  }
  const { why, whatToDo } = adviceFor(node.opType);
  return unsupported(label, why, whatToDo);
}

function outputNode(
  name: string,
  value: Value | undefined,
  input: Value,
  builder: GraphBuilder,
  what: string,
): string {
  const label = `${what}: output ${show(name)}`;
  if (value === undefined)
    throw mismatch('E_GRAPH', label, 'a value that some node computes', phrase('none'));
  if (value.kind === 'constant' || value === input) {
    const received = value === input ? 'the input itself' : 'a constant';
    throw mismatch('E_UNSUPPORTED', label, 'a value computed from the input', received);
  }
  builder.expectUsable(value, label);
  return value.node;
}
