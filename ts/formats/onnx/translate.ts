import { SpiqError, mismatch, phrase, show } from '../../errors.js';
import type { Graph } from '../../graph.js';
import { adviceFor } from './advice.js';
import { Constant } from './constant.js';
import { unsupported } from './context.js';
import type { ExternalData } from './external-data.js';
import { folders, shapeFolders } from './folding/index.js';
import type { GraphProto } from './gen/onnx_pb.js';
import { GraphBuilder } from './graph-builder.js';
import { isStandardDomain } from './model.js';
import { NodeNames } from './node-names.js';
import { operators } from './operators/index.js';
import { describeUnused, orderNodes } from './order.js';
import type { LabelledNode } from './order.js';
import { checkDeclaredShape, readInput } from './ports.js';
import type { InputPort } from './ports.js';
import { simplify } from './simplify/index.js';
import { decodeTensor } from './tensors.js';
import type { TailStep, Value } from './values.js';

export interface TranslationSettings {
  readonly opset: number;
  readonly external: ExternalData;
  /** ONNX names of the values to end at. */
  readonly outputs: readonly string[];
  /** Sizes of one observation, where the file leaves them open. */
  readonly inputShape?: readonly number[];
}

/** An operator that follows an output of the network. */
export interface OutputTail extends TailStep {
  /** ONNX name of the output that it leads to. */
  readonly output: string;
}

export interface Translation {
  readonly graph: Graph;
  readonly input: InputPort;
  /** ONNX names, in the order of `graph.outputs`. */
  readonly outputNames: readonly string[];
  readonly tail: readonly OutputTail[];
  readonly notes: readonly string[];
  /** By the ONNX name of a value, the graph's node that computes it, for every one that still exists. */
  readonly layers: ReadonlyMap<string, string>;
}

export function translateGraph(
  proto: GraphProto,
  what: string,
  settings: TranslationSettings,
): Translation {
  const { outputs: outputNames } = settings;
  if (outputNames.length === 0) throw mismatch('E_GRAPH', `${what}: outputs`, 'at least one', 0);
  const { needed, unused } = orderNodes(proto, outputNames, what);
  const read = new Set(needed.flatMap(({ node }) => node.input));
  const isRead = (name: string): boolean => read.has(name);
  const input = orUnknownOperator(needed, () =>
    readInput(proto, isRead, settings.inputShape, what),
  );
  const notes = describeUnused(unused);
  const values = new Map<string, Value>(readInitialisers(proto, settings.external, notes, what));
  const builder = new GraphBuilder(new NodeNames(needed));
  const inputValue = builder.addInput(input);
  values.set(input.name, inputValue);
  const state = { values, input: inputValue, builder, settings, batch: input.batch };
  for (const entry of needed) {
    const results = hinted(entry, state, () => translateNode(entry, state));
    entry.node.output.forEach((name, index) => {
      const result = results[index];
      if (name !== '' && result !== undefined) values.set(name, result);
    });
  }
  for (const declared of [...proto.valueInfo, ...proto.output]) {
    const value = values.get(declared.name);
    if (value?.kind === 'activation') checkDeclaredShape(declared, value.shape, what);
  }
  const ends = outputNames.map((name) => outputOf(name, values.get(name), inputValue, what));
  const outputs = ends.map(({ node }) => node);
  if (new Set(outputs).size !== outputs.length) {
    throw mismatch('E_UNSUPPORTED', `${what}: outputs`, 'a different value for each', outputNames);
  }
  const { graph, places } = simplify(builder.build(outputs), what);
  const layers = [...values].flatMap(([name, value]): [string, string][] => {
    const node = value.kind === 'activation' ? places.get(value.node) : undefined;
    return node === undefined || value === inputValue ? [] : [[name, node]];
  });
  const tail = ends.flatMap(({ tail: steps }) => steps);
  return { graph, input, outputNames, tail, notes, layers: new Map(layers) };
}

/** A network with operators that nothing can translate often has inputs of its own kind too; the first says more. */
function orUnknownOperator<Result>(needed: readonly LabelledNode[], read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const unknown = needed.find(({ node: { opType, domain } }) => {
      const isKnown = operators.has(opType) || folders.has(opType) || shapeFolders.has(opType);
      return !isKnown || !isStandardDomain(domain);
    });
    throw unknown === undefined ? error : unknownOperator(unknown);
  }
}

interface State {
  readonly values: Map<string, Value>;
  readonly input: Value;
  readonly builder: GraphBuilder;
  readonly settings: TranslationSettings;
  readonly batch: number | undefined;
}

function readInitialisers(
  proto: GraphProto,
  external: ExternalData,
  notes: string[],
  what: string,
): [string, Constant][] {
  const names = new Set<string>();
  return proto.initializer.map((tensor) => {
    const label = `${what}: initialiser ${show(tensor.name)}`;
    if (names.has(tensor.name))
      throw mismatch('E_GRAPH', label, 'a name of its own', phrase('a second one'));
    names.add(tensor.name);
    const constant = new Constant(
      () => decodeTensor(tensor, external, label),
      () => notes.push(`initialiser ${show(tensor.name)} was rounded to float32`),
    );
    return [tensor.name, constant];
  });
}

function translateNode(entry: LabelledNode, state: State): readonly Value[] {
  const { node, label } = entry;
  const { values, builder, settings, batch } = state;
  if (!isStandardDomain(node.domain)) throw unknownOperator(entry);
  const inputs = node.input.map((name) => (name === '' ? undefined : lookUp(name, values, label)));
  const { opset, external } = settings;
  const call = { node, label, inputs, builder, opset, external, batch };
  const isConstant = inputs.every((input) => input === undefined || input.kind === 'constant');
  const fold = shapeFolders.get(node.opType) ?? (isConstant ? folders.get(node.opType) : undefined);
  const translate = fold ?? operators.get(node.opType);
  if (translate === undefined) throw unknownOperator(entry);
  const result = translate(call);
  return 'kind' in result ? [result] : result;
}

/** What is refused can often be had up to the values before it. */
function hinted<Result>(
  { node }: LabelledNode,
  { values, input }: State,
  translate: () => Result,
): Result {
  try {
    return translate();
  } catch (error) {
    if (!(error instanceof SpiqError) || error.code !== 'E_UNSUPPORTED') throw error;
    const name = node.input.find((candidate) => {
      const value = values.get(candidate);
      return value !== undefined && value.kind !== 'constant' && value !== input;
    });
    if (name === undefined) throw error;
    const hint = `; the option output (--net-output) ${show(name)} imports what comes before`;
    throw new SpiqError(error.code, `${error.message}${hint}`, { cause: error });
  }
}

/** Values whose node was translated are there, but for outputs of it that have no translation. */
function lookUp(name: string, values: ReadonlyMap<string, Value>, label: string): Value {
  const value = values.get(name);
  if (value !== undefined) return value;
  throw unsupported(
    label,
    `it reads ${show(name)}, a second output that spiq does not compute`,
    'export the network without it',
  );
}

function unknownOperator({ node, label }: LabelledNode): SpiqError {
  if (!isStandardDomain(node.domain)) {
    const why = `operators of the domain ${show(node.domain)} are not standard ONNX`;
    return unsupported(label, why, 'export the network with standard operators');
  }
  const { why, whatToDo } = adviceFor(node.opType);
  return unsupported(label, why, whatToDo);
}

function outputOf(name: string, value: Value | undefined, input: Value, what: string) {
  const label = `${what}: output ${show(name)}`;
  if (value === undefined)
    throw mismatch('E_GRAPH', label, 'a value that some node computes', phrase('none'));
  if (value.kind === 'constant' || value === input) {
    const received = value === input ? 'the input itself' : 'a constant';
    throw mismatch('E_UNSUPPORTED', label, 'a value computed from the input', received);
  }
  if (value.kind === 'activation') return { node: value.node, tail: [] };
  const tail = value.steps.map((step): OutputTail => ({ output: name, ...step }));
  return { node: value.source.node, tail };
}
