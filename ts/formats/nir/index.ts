import { mismatch, phrase } from '../../errors.js';
import type { Graph } from '../../graph.js';
import type { EncodedFile } from '../encoded-file.js';
import { assemble } from './assemble.js';
import { flattenGraph } from './flat-graph.js';
import { group, readHdf5, text, writeHdf5 } from './hdf5/index.js';
import type { Hdf5Group } from './hdf5/index.js';
import { readMetadata, writeMetadata } from './metadata.js';
import type { Restored, Settings } from './metadata.js';
import { conventionOf } from './profiles.js';
import type { NirReadOptions } from './read-context.js';
import { firstDifference } from './same-tree.js';
import { WriteContext } from './write-context.js';
import type { NirWriteOptions } from './write-context.js';
import { writeGraph } from './write-graph.js';

export { isHdf5 } from './hdf5/index.js';
export { nirProfiles } from './profiles.js';
export type { NirProfile } from './profiles.js';
export type { NirReadOptions } from './read-context.js';
export type { NirWriteOptions } from './write-context.js';

/** The release of the Python package whose files these are like. */
const nirVersion = '1.0.8';
const defaultEpsilon = 1e-5;

export interface NirNetwork {
  readonly graph: Graph;
  readonly notes: readonly string[];
}

export async function encodeNir(graph: Graph, options: NirWriteOptions = {}): Promise<EncodedFile> {
  const { tree, notes } = nirTree(graph, options);
  return { bytes: await writeHdf5(tree, 'NIR export'), notes };
}

export async function decodeNir(
  bytes: Uint8Array,
  what: string,
  options: NirReadOptions = {},
): Promise<NirNetwork> {
  return networkOf(await readHdf5(bytes, what), what, options);
}

/** The file's content, before it becomes HDF5. */
export function nirTree(
  graph: Graph,
  options: NirWriteOptions,
): { tree: Hdf5Group; notes: string[] } {
  const { profile = 'generic', lossy = false } = options;
  const convention = conventionOf(profile);
  const settings = { profile, lossy, dt: checkedDt(options.dt ?? convention.dt) };
  const reached = 1 - (graph.epsilon ?? defaultEpsilon);
  const context = new WriteContext(profile, convention, settings.dt, lossy, reached);
  const written = writeGraph(graph, context);
  const edges = written.edges.flat();
  const node = group({
    type: text('NIRGraph'),
    nodes: { kind: 'group', members: written.nodes },
    edges: { kind: 'text', shape: [written.edges.length, 2], data: edges },
    metadata: writeMetadata(graph, written, settings, context.notes),
  });
  return { tree: group({ version: text(nirVersion), node }), notes: context.notes };
}

export function networkOf(tree: Hdf5Group, what: string, options: NirReadOptions): NirNetwork {
  const root = tree.members.get('node');
  if (root?.kind !== 'group') {
    const expected = "a NIR file: a group 'node' at its root";
    throw mismatch(
      'E_FORMAT',
      what,
      expected,
      phrase([...tree.members.keys()].join(', ') || 'none'),
    );
  }
  const asked = options.profile !== undefined || options.dt !== undefined;
  const own = asked ? undefined : readMetadata(root, what);
  if (own !== undefined) return { graph: checkedOwn(own, tree, what), notes: [] };
  const profile = options.profile ?? 'generic';
  const convention = conventionOf(profile);
  const written = options.dt ?? dtOf(root);
  const notes: string[] = [];
  const graph = assemble(flattenGraph(root, what), {
    what,
    profile,
    convention,
    dt: checkedDt(written ?? convention.exportedDt),
    dtKnown: written !== undefined,
    note: (note) => notes.push(note),
  });
  return { graph, notes };
}

/** A file that other tools changed since is no longer the network that its metadata describe. */
function checkedOwn({ graph, ...settings }: Restored, tree: Hdf5Group, what: string): Graph {
  const anew = nirTree(graph, settings satisfies Settings).tree.members.get('node') as Hdf5Group;
  const found = tree.members.get('node') as Hdf5Group;
  const difference = firstDifference(anew, found, 1e-6);
  if (difference === undefined) return graph;
  const expected =
    'what its metadata describe; since the file was changed, name a profile to read it without them';
  throw mismatch('E_FORMAT', what, expected, phrase(`another value at ${difference}`));
}

function dtOf(root: Hdf5Group): number | undefined {
  const metadata = root.members.get('metadata');
  const dt = metadata?.kind === 'group' ? metadata.members.get('dt') : undefined;
  return dt?.kind === 'numbers' && dt.data.length === 1 ? dt.data[0] : undefined;
}

function checkedDt(dt: number): number {
  if (Number.isFinite(dt) && dt > 0) return dt;
  throw mismatch('E_RANGE', 'NIR dt', 'a number of seconds above 0', dt);
}
