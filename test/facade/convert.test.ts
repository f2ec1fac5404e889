import { expect } from 'chai';
import { convert } from '../../ts/convert/index.js';
import type { ConvertOptions } from '../../ts/convert/index.js';
import type { ErrorCode } from '../../ts/errors.js';
import { readNpz } from '../../ts/formats/npz/index.js';
import { decodeNetwork, encodeNetwork } from '../../ts/formats/spiq-npz.js';
import type { Graph } from '../../ts/graph.js';
import { Network } from '../../ts/network.js';
import { chainOf, randomNetwork, uniforms } from '../conformance/random-nets.js';
import { expectRejected } from './refused.js';

const network = randomNetwork([4, 16, 16, 2]);
const calibration = uniforms(4 * 200, 0, 1, 5);

describe('façade: what convert refuses', () => {
  const calls: readonly (readonly [
    what: string,
    options: unknown,
    code: ErrorCode,
    part: RegExp | string,
  ])[] = [
    ['no calibration', {}, 'E_ARGUMENT', "calibration for method 'robust'"],
    ['no calibration for data', { method: 'data' }, 'E_ARGUMENT', "'data'"],
    ['an unknown method', { method: 'best' }, 'E_ARGUMENT', 'one of robust, data, model'],
    ['a method 1', { method: 1 }, 'E_ARGUMENT', 'convert method'],
    ['a misspelt name', { calibraton: calibration }, 'E_ARGUMENT', "'calibraton'"],
    ['an ordinary array', { calibration: [1, 2, 3, 4] }, 'E_ARGUMENT', 'calibration'],
    ['half a row', { calibration: calibration.subarray(0, 6) }, 'E_SHAPE', 'rows of 4 values'],
    ['no row', { calibration: new Float32Array() }, 'E_SHAPE', 'calibration'],
    ['NaN', { calibration: Float32Array.of(0, 0, NaN, 0) }, 'E_NOT_FINITE', 'element 2'],
    ['percentile 0', { calibration, percentile: 0 }, 'E_RANGE', 'percentile'],
    ['percentile 1.1', { calibration, percentile: 1.1 }, 'E_RANGE', 'received 1.1'],
    ['percentile NaN', { calibration, percentile: NaN }, 'E_RANGE', 'received NaN'],
    ['percentile "0.9"', { calibration, percentile: '0.9' }, 'E_ARGUMENT', 'percentile'],
    ['a channel of robust', { calibration, granularity: 'channel' }, 'E_UNSUPPORTED', "'robust'"],
    ['granularity 2', { calibration, granularity: 2 }, 'E_ARGUMENT', 'layer or channel'],
    ['headroom 0.9', { calibration, headroom: 0.9 }, 'E_RANGE', 'received 0.9'],
    ['headroom "2"', { calibration, headroom: '2' }, 'E_RANGE', 'headroom'],
    ['burst 0', { calibration, burst: 0 }, 'E_RANGE', 'burst'],
    ['initial NaN', { calibration, initial: NaN }, 'E_RANGE', 'initial'],
    ['an empty range', { method: 'model-bound', inputRange: [1, 0] }, 'E_RANGE', 'inputRange'],
    ['pieces of half rows', { calibration: [calibration.subarray(0, 6)] }, 'E_SHAPE', 'rows of 4'],
    ['pieces of text', { calibration: ['1'] }, 'E_ARGUMENT', 'calibration'],
    ['no pieces', { calibration: [] }, 'E_SHAPE', 'at least one row'],
    ['calibrationRows 0', { calibration, calibrationRows: 0 }, 'E_RANGE', 'calibrationRows'],
    ['calibrationRows 1.5', { calibration, calibrationRows: 1.5 }, 'E_RANGE', 'calibrationRows'],
    ['threads 257', { calibration, threads: 257 }, 'E_RANGE', 'threads'],
    ['options null', null, 'E_ARGUMENT', 'convert option'],
  ];
  for (const [what, options, code, part] of calls) {
    it(`${what}: ${code}`, async () =>
      expectRejected(async () => convert(network, options as ConvertOptions), code, part));
  }

  it('anything but a float network', async () => {
    await expectRejected(
      async () => convert({} as unknown as Network, { calibration }),
      'E_ARGUMENT',
      'network',
    );
    const spiking = randomNetwork([4, 3, 2], { neurons: {} });
    await expectRejected(
      async () => convert(spiking, { calibration }),
      'E_ARGUMENT',
      'a float network',
    );
  });

  it('a layer whose scale is not positive, by name', async () => {
    const negative: Graph = chainOf([
      { kind: 'input', name: 'x', shape: [1] },
      { kind: 'dense', name: 'down', weight: { shape: [1, 1], data: Float32Array.of(-1) } },
    ]);
    for (const method of ['robust', 'data', 'model'] as const) {
      const call = async (): Promise<Network> =>
        convert(Network.fromGraph(negative), { method, calibration: Float32Array.of(1, 2) });
      await expectRejected(call, 'E_RANGE', "scale of 'down'");
    }
  });
});

describe('façade: what convert gives', () => {
  it('says what it did, and uses calibrationRows rows from the start', async () => {
    const some = await convert(network, { calibration, calibrationRows: 50, percentile: 0.9 });
    expect(some.spiking).to.equal(true);
    expect(some.graph.conversion).to.include({
      method: 'robust',
      percentile: 0.9,
      calibrationRows: 50,
    });
    const cut = await convert(network, {
      calibration: calibration.subarray(0, 4 * 50),
      percentile: 0.9,
    });
    expect(some.graph.conversion!.scale).to.deep.equal(cut.graph.conversion!.scale);
    const all = await convert(network, { calibration, percentile: 0.9 });
    expect(all.graph.conversion!.calibrationRows).to.equal(200);
    expect(all.graph.conversion!.scale).to.not.deep.equal(some.graph.conversion!.scale);
  });

  it('gives scales their headroom, up to where a cap is', async () => {
    for (const method of ['data', 'model', 'channel-maximum', 'balance'] as const) {
      const plain = await convert(network, { method, calibration });
      const wide = await convert(network, { method, calibration, headroom: 1.5 });
      const wider = plain.graph.conversion!.scale.map((scale) => scale * 1.5);
      wide.graph.conversion!.scale.forEach((scale, layer) => {
        expect(scale).to.be.closeTo(wider[layer]!, 1e-12 * wider[layer]!);
      });
      expect(wide.graph.conversion!.headroom).to.equal(1.5);
    }
    const capped = Network.fromGraph(
      chainOf([
        { kind: 'input', name: 'x', shape: [1] },
        { kind: 'dense', name: 'double', weight: { shape: [1, 1], data: Float32Array.of(2) } },
        { kind: 'relu', name: 'least', cap: 3 },
        { kind: 'dense', name: 'out', weight: { shape: [1, 1], data: Float32Array.of(1) } },
      ]),
    );
    const data = { method: 'data', calibration: Float32Array.of(0.5, 1), headroom: 4 } as const;
    const { graph } = await convert(capped, data);
    expect(graph.conversion!.scale).to.deep.equal([3, 8]);
    const bursts = await convert(capped, { ...data, burst: 2 });
    expect(bursts.graph.conversion!.scale).to.deep.equal([1.5, 4]);
  });

  it('keeps in its file what it did', async () => {
    const made = await convert(network, { calibration, headroom: 2, burst: 3 });
    const read = Network.fromGraph(decodeNetwork(readNpz(encodeNetwork(made.graph), 'it')));
    expect(read.graph.conversion).to.deep.equal(made.graph.conversion);
  });

  it('leaves the network as it was', async () => {
    const before = network.forwardSync(calibration);
    await convert(network, { method: 'data', calibration });
    expect(network.forwardSync(calibration)).to.deep.equal(before);
    expect(network.spiking).to.equal(false);
  });

  it('model needs no calibration and names none', async () => {
    const { graph } = await convert(network, { method: 'model' });
    expect(graph.conversion).to.have.keys(['method', 'scale']);
    expect(graph.conversion!.scale).to.have.length(3);
  });
});
