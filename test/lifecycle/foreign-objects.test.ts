import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { addon } from '../../ts/native.js';
import { randomGraph } from '../conformance/random-nets.js';

type Method = (...parameters: unknown[]) => unknown;

function methodsOf(prototype: object): [string, Method][] {
  return Object.getOwnPropertyNames(prototype)
    .filter((name) => name !== 'constructor')
    .map((name) => [name, (prototype as Record<string, Method>)[name]!]);
}

describe('lifecycle: native methods on foreign objects', () => {
  const { Calibration, Chip, FrameRegion, Graph, Preprocessor, Simulator, Stream } = addon();
  const graph = new Graph(randomGraph([2, 3, 1]));
  const simulator = new Simulator(graph, {});
  const stream = new Stream(simulator, {});
  const strangers: unknown[] = [
    undefined,
    null,
    1,
    'text',
    {},
    [],
    new Map(),
    () => 1,
    new Float32Array(4),
    Object.create(Graph.prototype as object),
    Object.create(Simulator.prototype as object),
    Object.create(Stream.prototype as object),
    stream,
    Object.create(graph),
  ];

  it('give an error and no crash', () => {
    const methods = [
      ...methodsOf(Graph.prototype as object).map((entry) => [...entry, simulator] as const),
      ...methodsOf(Simulator.prototype as object).map((entry) => [...entry, graph] as const),
    ];
    expect(methods.map(([name]) => name)).to.include.members([
      'describe',
      'forward',
      'run',
      'runSync',
    ]);
    for (const [name, method, other] of methods) {
      for (const stranger of [...strangers, other]) {
        expect(() => method.call(stranger, {}, {}), name).to.throw(Error);
      }
    }
  });

  it('of calibrations as well', () => {
    const calibration = new Calibration(graph, {});
    for (const [name, method] of methodsOf(Calibration.prototype as object)) {
      for (const stranger of [...strangers, graph]) {
        expect(() => method.call(stranger, {}, {}), name).to.throw(Error);
      }
    }
    expect(calibration.sites()).to.have.lengthOf(2);
  });

  it('of streams as well', () => {
    for (const [name, method] of methodsOf(Stream.prototype as object)) {
      for (const stranger of strangers.filter((one) => one !== stream)) {
        expect(() => method.call(stranger, {}, {}), name).to.throw(Error);
      }
    }
    for (const stranger of [...strangers, graph]) {
      expect(() => new Stream(stranger as typeof simulator, {})).to.throw(
        /^simulator: expected a native Simulator, received/,
      );
    }
  });

  it('of emulated boards as well', () => {
    const layer = { units: 1, fires: true, dense: Float64Array.of(1) };
    const chip = new Chip({ inputs: 1, layers: [{ ...layer, thresholds: Float64Array.of(1) }] });
    for (const [name, method] of methodsOf(Chip.prototype as object)) {
      for (const stranger of [...strangers, graph])
        expect(() => method.call(stranger, Float64Array.of(1), { rows: 1 }), name).to.throw(Error);
    }
    expect(chip.describe()).to.have.length(1);
  });

  it('of preprocessors and regions of frames as well', () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-foreign-'));
    writeFileSync(path.join(folder, 'frames'), '');
    const region = new FrameRegion(path.join(folder, 'frames'), 50_000);
    const preprocessor = new Preprocessor({ kind: 'nature', height: 10, width: 10 });
    const into = new Uint8Array(84 * 84);
    const first = Int32Array.of(0);
    for (const [{ prototype }, other] of [
      [Preprocessor, region],
      [FrameRegion, preprocessor],
    ] as const) {
      for (const [name, method] of methodsOf(prototype as object)) {
        for (const stranger of [...strangers, graph, other])
          expect(() => method.call(stranger, 0, into), name).to.throw(Error);
      }
    }
    for (const stranger of [...strangers, graph, preprocessor])
      expect(() => {
        preprocessor.beginFrom(stranger as typeof region, first, 100, undefined, into);
      }).to.throw(/^frame region: expected a native FrameRegion, received/);
    preprocessor.beginFrom(region, first, 100, undefined, into);
    expect(into.every((byte) => byte === 0)).to.equal(true);
    region.close();
    rmSync(folder, { recursive: true });
  });

  it('refuse another object where a graph is due, and a call without new', () => {
    for (const stranger of [...strangers, simulator]) {
      expect(() => new Simulator(stranger as typeof graph, {})).to.throw(
        /^graph: expected a native Graph, received/,
      );
    }
    for (const constructor of [Graph, Simulator] as unknown as Method[]) {
      expect(() => constructor(randomGraph([1, 1]))).to.throw(TypeError);
    }
  });

  it('serve subclasses', () => {
    class Own extends Graph {}
    expect(new Own(randomGraph([2, 3, 1])).describe()).to.deep.equal(graph.describe());
  });
});
