import { SpiqError, mismatch, phrase, show } from '../../errors.js';
import type { Graph, Tensor } from '../../graph.js';
import { Fields } from '../fields.js';
import { describeGraph, graphFromDescription, keyTensors } from '../graph-description.js';
import type { TensorReference } from '../graph-description.js';
import { parseDescription } from '../parse-description.js';
import { double, floats, group, text } from './hdf5/index.js';
import type { Hdf5Group, Hdf5Value } from './hdf5/index.js';
import { nirProfiles } from './profiles.js';
import type { NirProfile } from './profiles.js';
import { NirRecord } from './record.js';
import type { WrittenGraph } from './write-graph.js';

const format = 'spiq-nir';
const version = 1;
const key = 'spiq';

/** Where an array of the described network lies in the file. */
interface Place {
  readonly node: string;
  readonly field: string;
  /** What the stored numbers are of ours. */
  readonly factor: number;
}

export interface Settings {
  readonly profile: NirProfile;
  readonly dt: number;
  readonly lossy: boolean;
}

/**
 * What other readers have no use for: the network's description, which spiq takes its neurons from when it reads the
 * file again, and the arrays that NIR has no place for.
 */
export function writeMetadata(
  graph: Graph,
  written: WrittenGraph,
  settings: Settings,
  lost: readonly string[],
): Hdf5Group {
  const places: Record<string, Place> = {};
  const arrays: Record<string, Hdf5Value> = {};
  for (const [name, tensors] of keyTensors(graph, 'network to export')) {
    for (const { key: array, tensor, role } of tensors) {
      if (role === 'weight' || role === 'bias') {
        const factor = role === 'weight' ? (written.factors.get(name) ?? 1) : 1;
        places[array] = { node: written.names.get(name)!, field: role, factor };
      } else {
        arrays[array] = floats(tensor.shape, tensor.data);
      }
    }
  }
  const description = describeGraph(graph, 'network to export');
  const json = JSON.stringify({ format, version, ...settings, lost, places, description });
  return group({ [key]: text(json), dt: double(settings.dt), ...arrays });
}

export interface Restored extends Settings {
  readonly graph: Graph;
}

/** The network that spiq wrote, out of a file's metadata and arrays; undefined for files of others. */
export function readMetadata(root: Hdf5Group, what: string): Restored | undefined {
  const metadata = root.members.get('metadata');
  const own = metadata?.kind === 'group' ? metadata.members.get(key) : undefined;
  if (metadata?.kind !== 'group' || own?.kind !== 'text') return undefined;
  const label = `${what}: metadata`;
  const fields = new Fields(parseJson(own.data[0] ?? '', label), label);
  if (fields.raw('format') !== format) return undefined;
  const found = fields.count('version');
  if (found > version) {
    throw mismatch(
      'E_VERSION',
      `${label}: version`,
      `at most ${version}; a newer spiq wrote this file`,
      found,
    );
  }
  const restored = {
    profile: fields.oneOf('profile', nirProfiles),
    dt: fields.number('dt'),
    lossy: fields.boolean('lossy'),
  };
  fields.strings('lost');
  const places = new Fields(fields.raw('places'), `${label}: places`);
  const description = parseDescription(fields.string('description'), label);
  fields.done();
  const arrays = new ArrayReader(root, metadata, places, what);
  return {
    ...restored,
    graph: graphFromDescription(description, (reference) => arrays.read(reference), what),
  };
}

class ArrayReader {
  constructor(
    private readonly root: Hdf5Group,
    private readonly metadata: Hdf5Group,
    private readonly places: Fields,
    private readonly what: string,
  ) {}

  read({ key: array, shape }: TensorReference): Tensor {
    if (!this.places.has(array)) {
      const value = this.metadata.members.get(array);
      if (value?.kind === 'numbers')
        return { shape: value.shape, data: Float32Array.from(value.data) };
      throw mismatch(
        'E_FORMAT',
        `${this.what}: metadata ${show(array)}`,
        'numbers',
        value?.kind ?? phrase('none'),
      );
    }
    const place = new Fields(this.places.raw(array), `${this.what}: metadata: places: ${array}`);
    const [node, field, factor] = [
      place.string('node'),
      place.string('field'),
      place.number('factor'),
    ];
    place.done();
    const nodes = this.root.members.get('nodes');
    const record = nodes?.kind === 'group' ? nodes.members.get(node) : undefined;
    if (record?.kind !== 'group') {
      throw mismatch(
        'E_FORMAT',
        `${this.what}: nodes`,
        `a node ${show(node)}, which the metadata names`,
        phrase('none'),
      );
    }
    const { data, shape: found } = new NirRecord(record, node, this.what).tensor(field);
    if (found.length !== shape.length) {
      throw mismatch('E_SHAPE', `${this.what}: node ${show(node)}: '${field}'`, show(shape), found);
    }
    return { shape: found, data: factor === 1 ? data : data.map((value) => value / factor) };
  }
}

function parseJson(json: string, what: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new SpiqError('E_FORMAT', `${what}: expected JSON, received ${show(json)}`, { cause });
  }
}
