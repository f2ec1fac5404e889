import { expect } from 'chai';
import { parseOnnx } from '../../ts/formats/onnx/index.js';
import { TensorProto_DataType as DataType } from '../../ts/formats/onnx/gen/onnx_pb.js';
import { tensor } from './helpers/graphs.js';
import { buildModel, node, value } from './helpers/model.js';

const megabyte = 2 ** 20;
/** Milliseconds; about 100 on one core of a server. */
const most = 300;

/** 512 channels in five layers of 3 × 3, about as large as a ResNet-18. */
function largeModel(): Uint8Array {
  const { data } = tensor([512, 512, 3, 3], 1);
  const rawData = new Uint8Array(data.buffer as ArrayBuffer);
  const layers = Array.from({ length: 5 }, (_, index) => ({
    name: `w${index}`,
    dims: [512n, 512n, 3n, 3n],
    dataType: DataType.FLOAT,
    rawData,
  }));
  return buildModel({
    nodes: layers.map(({ name }, index) => {
      return node('Conv', [index === 0 ? 'x' : `c${index - 1}`, name], `c${index}`);
    }),
    initialisers: layers,
    inputs: [value('x', ['n', 512, 16, 16])],
    outputs: [value('c4')],
  });
}

describe('ONNX import without the check', () => {
  it('of 45 megabytes takes less than 300 ms', () => {
    const model = largeModel();
    expect(model.length / megabyte).to.be.within(44, 46);
    const times = Array.from({ length: 3 }, () => {
      const begin = performance.now();
      expect(parseOnnx(model, 'm').graph.nodes).to.have.length(6);
      return performance.now() - begin;
    });
    expect(Math.min(...times)).to.be.below(most);
  });
});
