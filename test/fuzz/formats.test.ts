import { expect } from 'chai';
import { SpiqError, isErrorCode } from '../../ts/errors.js';
import { decodeBareWeights } from '../../ts/formats/bare-weights.js';
import { shapesOf } from '../../ts/formats/graph-structure.js';
import { readNpz, writeNpz } from '../../ts/formats/npz/index.js';
import { exportOnnx, parseOnnx } from '../../ts/formats/onnx/index.js';
import { decodeNetwork, encodeNetwork } from '../../ts/formats/spiq-npz.js';
import { floatGraph, spikingGraph } from '../formats/helpers/graphs.js';
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
  'a network file': { file: encodeNetwork(spikingGraph()), read: readNetwork },
  'a description': { file: descriptionBytes(), read: readDescription },
  'bare weights': { file: bareWeights(), read: readBare },
  'stored arrays': { file: stored, read: readArrays },
  'compressed arrays': { file: compressed, read: readArrays },
  'streamed arrays': { file: streamed, read: readArrays },
  'one array': { file: versionTwo, read: readArrays },
};

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
