import { expect } from 'chai';
import { SpiqError, isErrorCode } from '../../ts/errors.js';
import type { Graph } from '../../ts/graph.js';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import { shapesOf } from '../../ts/formats/graph-structure.js';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import { exportOnnx, parseOnnx } from '../../ts/formats/onnx/index.js';
import { decodeNetwork, encodeNetwork } from '../../ts/formats/spiq-npz.js';
import { everyFloatKind } from '../formats/helpers/every-kind.js';
import { floatGraph, spikingGraph, tensor } from '../formats/helpers/graphs.js';
import {
  buildModel,
  initialiser,
  intAttribute,
  integers,
  intsAttribute,
  node,
  scalar,
  textAttribute,
  value,
} from '../formats/helpers/model.js';
import { compressed, stored, streamed, versionTwo } from '../formats/helpers/numpy-files.js';
import { mutate, seededNumbers } from '../formats/helpers/mutate.js';

const mutationsOfEach = 600;
/** Milliseconds for one damaged file; a sound one takes less than one. */
const slowest = 1000;
/** Growth of the whole process over a suite; a length that was believed would take gigabytes. */
const mostMemory = 400 * 2 ** 20;

type Read = (bytes: Uint8Array) => unknown;

function readArrays(bytes: Uint8Array): Record<string, unknown> {
  const npz = readNpz(bytes, 'fuzz.npz');
  return Object.fromEntries(npz.keys.map((key) => [key, npz.get(key)]));
}

function readOnnx(bytes: Uint8Array): void {
  const { graph, floatGraph: twin } = parseOnnx(bytes, 'fuzz.onnx');
  shapesOf(graph, 'fuzz.onnx');
  shapesOf(twin, 'fuzz.onnx');
}

function readNetwork(bytes: Uint8Array): void {
  shapesOf(decodeNetwork(readNpz(bytes, 'fuzz.npz')), 'fuzz.npz');
}

function readBare(bytes: Uint8Array): void {
  const { graph } = decodeBareWeights(readNpz(bytes, 'fuzz.npz'), { layout: 'out-in' });
  shapesOf(graph, 'fuzz.npz');
}

/** Damage behind a correct checksum: `bytes` stands for the description in an otherwise sound file. */
function readDescription(bytes: Uint8Array): void {
  const npz = readNpz(encodeNetwork(spikingGraph()), 'own');
  const entries = new Map(npz.keys.map((key) => [key, npz.get(key)]));
  entries.set('graph', { shape: [bytes.length], dtype: 'u1', data: bytes });
  readNetwork(writeNpz(entries));
}

/** Runs a reader over damaged bytes; counts refusals and lets no other exception through. */
function isRefused(read: Read, bytes: Uint8Array, story: string): boolean {
  const start = performance.now();
  try {
    read(bytes);
    return false;
  } catch (error) {
    if (!(error instanceof SpiqError))
      throw new Error(`${story}: not a SpiqError`, { cause: error });
    expect(isErrorCode(error.code), story).to.equal(true);
    expect(error.code, `${story}: ${error.message}`).to.not.equal('E_INTERNAL');
    expect(error.message.length, story).to.be.lessThan(1000);
    return true;
  } finally {
    expect(performance.now() - start, story).to.be.lessThan(slowest);
  }
}

const subjects: Record<string, { readonly file: Uint8Array; readonly read: Read }> = {
  'an exported float model': { file: exportOnnx(floatGraph()), read: readOnnx },
  'an exported spiking model': { file: exportOnnx(spikingGraph()), read: readOnnx },
  'an exported model of every kind': { file: exportOnnx(everyKindInOneStep()), read: readOnnx },
  'a convolutional model as others write it': { file: convolutionalModel(), read: readOnnx },
  'a network file': { file: encodeNetwork(spikingGraph()), read: readNetwork },
  'a description': { file: descriptionBytes(), read: readDescription },
  'bare weights': { file: bareWeights(), read: readBare },
  'stored arrays': { file: stored, read: readArrays },
  'compressed arrays': { file: compressed, read: readArrays },
  'streamed arrays': { file: streamed, read: readArrays },
  'one array': { file: versionTwo, read: readArrays },
};

function everyKindInOneStep(): Graph {
  const graph = everyFloatKind();
  return { ...graph, edges: graph.edges.filter(([, , delay]) => delay === undefined) };
}

/** Folded shapes, attributes of windows, broadcast constants and what follows a network. */
function convolutionalModel(): Uint8Array {
  const kernel = intsAttribute('kernel_shape', 2, 2);
  return buildModel({
    inputs: [value('x', ['n', 6, 5, 2])],
    nodes: [
      node('Transpose', ['x'], 't', [intsAttribute('perm', 0, 3, 1, 2)]),
      node('Mul', ['t', 'half'], 'm'),
      node('Pad', ['m', 'pads'], 'p'),
      node('Conv', ['p', 'w'], 'c', [kernel, intsAttribute('strides', 2, 1)]),
      node('Clip', ['c', 'half', ''], 'b'),
      node('MaxPool', ['b'], 'k', [kernel, intAttribute('ceil_mode', 1)]),
      node('Resize', ['k', '', 'scales'], 'r', [textAttribute('mode', 'nearest')]),
      node('Concat', ['r', 'r'], 'j', [intAttribute('axis', 1)]),
      node('Slice', ['j', 'from', 'to', 'axes'], 's'),
      node('Shape', ['s'], 'shape'),
      node('Gather', ['shape', 'zero'], 'size'),
      node('Unsqueeze', ['size', 'axes0'], 'first'),
      node('Concat', ['first', 'rest'], 'target', [intAttribute('axis', 0)]),
      node('Reshape', ['s', 'target'], 'f'),
      node('ReduceMean', ['f'], 'mean', [intsAttribute('axes', 1)]),
      node('Sub', ['f', 'mean'], 'd'),
      node('Softmax', ['d'], 'y'),
    ],
    initialisers: [
      scalar('half', 0.5),
      integers('pads', [0, 0, 1, 0, 0, 0, 0, 1]),
      initialiser('w', tensor([3, 2, 2, 2], 1)),
      initialiser('scales', { shape: [4], data: Float32Array.of(1, 1, 2, 1) }),
      integers('from', [1]),
      integers('to', [5]),
      integers('axes', [1]),
      integers('axes0', [0]),
      integers('zero', 0),
      integers('rest', [-1]),
    ],
  });
}

function descriptionBytes(): Uint8Array {
  const { data } = readNpz(encodeNetwork(spikingGraph()), 'own').get('graph');
  return Uint8Array.from(data, Number);
}

function bareWeights(): Uint8Array {
  const npz = readNpz(encodeNetwork(floatGraph()), 'own');
  return writeNpz(new Map(['w0', 'b0', 'w1'].map((key) => [key, npz.get(key)])), {
    compress: true,
  });
}

describe('damaged files', function () {
  this.timeout(60_000);

  for (const [title, { file, read }] of Object.entries(subjects)) {
    it(`of ${title} are read or refused with a code`, () => {
      expect(isRefused(read, file, 'undamaged')).to.equal(false);
      const before = process.memoryUsage().rss;
      const next = seededNumbers(title.length);
      let refused = 0;
      for (let index = 0; index < mutationsOfEach; index += 1) {
        const { bytes, story } = mutate(file, next);
        if (isRefused(read, bytes, `mutation ${index}: ${story}`)) refused += 1;
      }
      expect(refused).to.be.greaterThan(mutationsOfEach / 10);
      expect(process.memoryUsage().rss - before).to.be.lessThan(mostMemory);
    });
  }

  for (const [title, file] of Object.entries({ stored, compressed, streamed })) {
    it(`of ${title} arrays never give other numbers for any flipped bit`, () => {
      const truth = readArrays(file);
      const copy = Uint8Array.from(file);
      for (let bit = 0; bit < file.length * 8; bit += 1) {
        const at = bit >> 3;
        copy[at] = (file[at] ?? 0) ^ (1 << (bit & 7));
        let arrays: unknown;
        if (!isRefused((bytes) => (arrays = readArrays(bytes)), copy, `bit ${bit}`)) {
          expect(arrays, `bit ${bit}`).to.deep.equal(truth);
        }
        copy[at] = file[at] ?? 0;
      }
    });
  }

  it('whose ONNX nests messages without end are refused', () => {
    const depth = 20_000;
    let nested = Buffer.alloc(0);
    const sizes: Buffer[] = [];
    for (let level = 0; level < depth; level += 1) {
      // Field 7 of ModelProto, 1 of GraphProto, 5 of NodeProto and 6 of AttributeProto nest into each other.
      const tag = [0x3a, 0x0a, 0x2a, 0x32][(depth - 1 - level) % 4] ?? 0;
      sizes.push(Buffer.from([tag, ...varint(nested.length)]));
      nested = Buffer.concat([sizes.at(-1) ?? nested, nested]);
    }
    expect(isRefused(readOnnx, nested, 'nested')).to.equal(true);
  });
});

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest];
    bytes.push((rest & 0x7f) | 0x80);
  }
}
