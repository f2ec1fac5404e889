import { show } from '../../errors.js';
import type { GraphNode, Tensor } from '../../graph.js';
import { perChannel } from './read-units.js';
import type { NirRecord } from './record.js';

type Shape = readonly number[];
type Reader = (record: NirRecord, shape: Shape) => GraphNode;

export const layerReaders: Readonly<Record<string, Reader>> = {
  Affine: readDense,
  Linear: readDense,
  Conv1d: (record) => readConv(record, 1),
  Conv2d: (record) => readConv(record, 2),
  SumPool2d: (record) => readPool(record, 'sum'),
  AvgPool2d: (record) => readPool(record, 'average'),
  Flatten: readFlatten,
  Scale: readScale,
};

function readDense(record: NirRecord): GraphNode {
  const weight = record.tensor('weight');
  if (weight.shape.length !== 2) throw record.refuse('a weight of [out, in]', weight.shape);
  const node = { kind: 'dense', name: record.name, weight } as const;
  return record.type === 'Linear' ? node : { ...node, bias: asRow(record.tensor('bias')) };
}

const asRow = ({ data }: Tensor): Tensor => ({ shape: [data.length], data });

function readConv(record: NirRecord, dims: 1 | 2): GraphNode {
  const weight = record.tensor('weight');
  if (weight.shape.length !== dims + 2) {
    throw record.refuse(`a weight of ${dims + 2} dimensions`, weight.shape);
  }
  const bias = asRow(record.tensor('bias'));
  const stride = record.sizes('stride', dims);
  const dilation = record.sizes('dilation', dims);
  const groups = record.integer('groups');
  const padding = paddingOf(record, weight.shape.slice(2), stride, dilation);
  return {
    kind: 'conv',
    name: record.name,
    weight,
    // NIR has no convolution without one.
    ...(bias.data.some((value) => value !== 0) && { bias }),
    ...(stride.some((size) => size !== 1) && { stride }),
    ...(dilation.some((size) => size !== 1) && { dilation }),
    ...(padding.some((size) => size !== 0) && { padding }),
    ...(groups !== 1 && { groups }),
  };
}

function paddingOf(record: NirRecord, kernel: Shape, stride: Shape, dilation: Shape): number[] {
  if (!record.isText('padding')) return twice(record.sizes('padding', kernel.length));
  const text = record.text('padding');
  if (text === 'valid') return twice(kernel.map(() => 0));
  if (text !== 'same') throw record.refuse("padding of sizes, 'same' or 'valid'", text);
  if (stride.some((size) => size !== 1)) throw record.refuse("stride 1 beside 'same'", stride);
  const total = kernel.map((size, axis) => dilation[axis]! * (size - 1));
  const begins = total.map((size) => Math.floor(size / 2));
  return [...begins, ...total.map((size, axis) => size - begins[axis]!)];
}

const twice = (sizes: readonly number[]): number[] => [...sizes, ...sizes];

function readPool(record: NirRecord, mode: 'sum' | 'average'): GraphNode {
  const kernel = record.sizes('kernel_size', 2);
  const stride = record.sizes('stride', 2);
  const padding = twice(record.sizes('padding', 2));
  const isPadded = padding.some((size) => size !== 0);
  return {
    kind: 'pool',
    name: record.name,
    mode,
    kernel,
    ...(stride.some((size, axis) => size !== kernel[axis]) && { stride }),
    ...(isPadded && { padding }),
    ...(isPadded && mode === 'average' && { countPadding: true }),
  };
}

function readFlatten(record: NirRecord, shape: Shape): GraphNode {
  const dims = shape.length;
  const [start, end] = ['start_dim', 'end_dim'].map((field) => {
    const axis = record.integer(field);
    return axis < 0 ? axis + dims : axis;
  }) as [number, number];
  if (start < 0 || end < start || end >= dims) {
    throw record.refuse(`dimensions of ${show(shape)}, without the batch`, [start, end]);
  }
  if (start === 0 && end === dims - 1) return { kind: 'flatten', name: record.name };
  const joined = shape.slice(start, end + 1).reduce((product, size) => product * size, 1);
  const target = [...shape.slice(0, start), joined, ...shape.slice(end + 1)];
  return { kind: 'reshape', name: record.name, shape: target };
}

function readScale(record: NirRecord, shape: Shape): GraphNode {
  const data = Float32Array.from(perChannel(record, 'scale', shape));
  return { kind: 'scale', name: record.name, factor: { shape: [data.length], data } };
}
