import { expect } from 'chai';
import { SpiqError } from '../../ts/errors.js';
import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import type { Stream } from '../../ts/simulator/stream.js';
import { randomGraph, uniforms } from '../conformance/random-nets.js';
import { resigned } from './resigned.js';
import { Wild } from './wild-input.js';

const graph = randomGraph([4, 9, 2], { neurons: { refractory: 1 } });
const observations = uniforms(8, 0, 1, 1);

function open(): Stream {
  const simulator = new Simulator(Network.fromGraph(graph), { decoding: 'spikes' });
  return simulator.stream({ rows: 2 });
}

function codeOf(stream: Stream, bytes: Uint8Array): string {
  try {
    stream.restore(bytes);
    return 'taken';
  } catch (error) {
    return error instanceof SpiqError ? error.code : `not a SpiqError: ${String(error)}`;
  }
}

describe('fuzz: the saved state of a stream', () => {
  const source = open();
  source.step(observations, 20);
  const bytes = source.save();

  it('is refused where a byte was changed, cut off or added, and changes nothing then', () => {
    const wild = new Wild(1);
    const stream = open();
    stream.step(observations, 3);
    const before = stream.save();
    for (let trial = 0; trial < 3000; trial += 1) {
      let damaged = Uint8Array.from(bytes);
      const at = wild.below(bytes.length);
      if (trial % 3 === 0) damaged = damaged.subarray(0, at);
      else if (trial % 3 === 1) damaged[at]! ^= 1 << wild.below(8);
      else damaged = Uint8Array.from([...bytes, ...bytes.subarray(0, 1 + wild.below(20))]);
      expect(codeOf(stream, damaged), `trial ${trial}`).to.be.oneOf(['E_FORMAT', 'E_VERSION']);
    }
    expect(stream.save()).to.deep.equal(before);
  });

  it('is survived, or refused, where damage carries a right checksum', () => {
    const wild = new Wild(2);
    const stream = open();
    expect(codeOf(stream, resigned(bytes))).to.equal('taken');
    const codes = new Set<string>();
    for (let trial = 0; trial < 3000; trial += 1) {
      const damaged = Uint8Array.from(bytes);
      for (let n = 0; n < 1 + (trial % 3); n += 1)
        damaged[wild.below(bytes.length)] = wild.below(256);
      const code = codeOf(stream, resigned(damaged));
      codes.add(code);
      if (code !== 'taken') continue;
      expect(stream.step(observations, 1).steps).to.equal(1);
    }
    const known = ['taken', 'E_FORMAT', 'E_VERSION', 'E_ARGUMENT', 'E_SHAPE', 'E_RANGE'];
    expect([...codes].filter((code) => !known.includes(code))).to.deep.equal([]);
    expect(codes.size).to.be.greaterThan(3);
  });

  it('is refused by another network, other options, other rows, and is versioned', () => {
    const other = Network.fromGraph(
      randomGraph([4, 9, 2], { seed: 2, neurons: { refractory: 1 } }),
    );
    const options = { decoding: 'spikes' } as const;
    const stranger = new Simulator(other, options).stream({ rows: 2 });
    expect(codeOf(stranger, bytes)).to.equal('E_ARGUMENT');
    const network = Network.fromGraph(graph);
    const strangers = [
      new Simulator(network, { decoding: 'potential' }),
      new Simulator(network, { ...options, encoding: 'poisson' }),
      new Simulator(network, { ...options, threshold: 2 }),
      new Simulator(network, { ...options, precision: 'float64' }),
    ];
    for (const simulator of strangers) {
      expect(codeOf(simulator.stream({ rows: 2 }), bytes)).to.equal('E_ARGUMENT');
    }
    const rows = new Simulator(network, options).stream({ rows: 3 });
    expect(codeOf(rows, bytes)).to.equal('E_SHAPE');
    const newer = Uint8Array.from(bytes);
    newer[8] = 2;
    expect(codeOf(open(), newer)).to.equal('E_VERSION');
    const wrong = [new Uint8Array(0), new Uint8Array(100), [1, 2], 'x'] as Uint8Array[];
    expect(wrong.map((value) => codeOf(open(), value))).to.deep.equal([
      'E_FORMAT',
      'E_FORMAT',
      'E_ARGUMENT',
      'E_ARGUMENT',
    ]);
  });
});
