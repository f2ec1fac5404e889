import { mismatch, phrase, show } from '../../errors.js';
import type { Hdf5Group } from './hdf5/index.js';
import { NirRecord } from './record.js';

/** The nodes of a file and of all graphs nested in it; edges are by name. */
export interface FlatGraph {
  readonly records: ReadonlyMap<string, NirRecord>;
  readonly edges: readonly (readonly [from: string, to: string])[];
}

interface Draft {
  readonly file: string;
  readonly records: Map<string, NirRecord>;
  readonly edges: (readonly [string, string])[];
  /** Inputs and outputs of nested graphs, through which edges pass. */
  readonly passages: Set<string>;
}

/** Ends of an edge that names a node: itself, or the inputs and outputs of a nested graph. */
interface Ends {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export function flattenGraph(root: Hdf5Group, file: string): FlatGraph {
  const draft: Draft = { file, records: new Map(), edges: [], passages: new Set() };
  const top = new NirRecord(root, 'node', file);
  if (top.type !== 'NIRGraph') {
    throw mismatch('E_FORMAT', `${file}: node`, "type 'NIRGraph'", top.type);
  }
  addGraph(top, '', draft);
  const edges = bypass(draft);
  draft.passages.forEach((name) => draft.records.delete(name));
  return { records: draft.records, edges };
}

function addGraph(graph: NirRecord, prefix: string, draft: Draft): Ends {
  const nodes = graph.fields.members.get('nodes');
  if (nodes?.kind !== 'group') {
    throw mismatch('E_FORMAT', `${graph.what}: 'nodes'`, 'a group', nodes?.kind ?? phrase('none'));
  }
  const ends = new Map<string, Ends>();
  for (const [own, fields] of nodes.members) {
    const name = `${prefix}${own}`;
    if (fields.kind !== 'group') {
      throw mismatch('E_FORMAT', `${draft.file}: node ${show(name)}`, 'a group', fields.kind);
    }
    const record = new NirRecord(fields, name, draft.file);
    if (record.type === 'NIRGraph') {
      ends.set(own, addGraph(record, `${name}.`, draft));
      continue;
    }
    if (draft.records.has(name)) {
      throw mismatch('E_FORMAT', draft.file, 'each name once', name);
    }
    draft.records.set(name, record);
    if (prefix !== '' && isEnd(record)) draft.passages.add(name);
    ends.set(own, { inputs: [name], outputs: [name] });
  }
  for (const [from, to] of edgesOf(graph)) {
    const [source, target] = [ends.get(from), ends.get(to)];
    if (source === undefined || target === undefined) {
      const stranger = source === undefined ? from : to;
      throw mismatch('E_FORMAT', `${graph.what}: 'edges'`, 'names of its nodes', stranger);
    }
    for (const out of source.outputs)
      for (const into of target.inputs) draft.edges.push([out, into]);
  }
  const named = (type: string) =>
    [...ends.values()].flatMap(({ inputs: [name] }) =>
      name !== undefined && draft.records.get(name)?.type === type ? [name] : [],
    );
  return { inputs: named('Input'), outputs: named('Output') };
}

const isEnd = ({ type }: NirRecord): boolean => type === 'Input' || type === 'Output';

function edgesOf(graph: NirRecord): [string, string][] {
  const edges = graph.fields.members.get('edges');
  if (edges?.kind === 'numbers' && edges.data.length === 0) return [];
  if (edges?.kind !== 'text' || edges.data.length % 2 !== 0) {
    const received = edges === undefined ? 'none' : edges.kind;
    throw mismatch('E_FORMAT', `${graph.what}: 'edges'`, 'pairs of names', phrase(received));
  }
  return Array.from({ length: edges.data.length / 2 }, (_, index) => [
    edges.data[2 * index]!,
    edges.data[2 * index + 1]!,
  ]);
}

/** Edges from node to node, those through inputs and outputs of nested graphs joined; each once. */
function bypass({ edges, passages }: Draft): (readonly [string, string])[] {
  const targets = new Map<string, string[]>();
  for (const [from, to] of edges) {
    if (passages.has(from)) targets.set(from, [...(targets.get(from) ?? []), to]);
  }
  /** Where an edge to `start` comes out behind passages. */
  const behind = (start: string): string[] => {
    const seen = new Set([start]);
    for (const name of seen) {
      if (passages.has(name)) targets.get(name)?.forEach((next) => seen.add(next));
    }
    return [...seen].filter((name) => !passages.has(name));
  };
  const joined = edges
    .filter(([from]) => !passages.has(from))
    .flatMap(([from, to]) => behind(to).map((end) => [from, end] as const));
  const distinct = new Map(joined.map((edge) => [JSON.stringify(edge), edge]));
  return [...distinct.values()];
}
