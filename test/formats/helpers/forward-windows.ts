import type { ConvNode, ConvTransposeNode, PoolNode, UpsampleNode } from '../../../ts/graph.js';

type Shape = readonly number[];

/** Channels of rows and columns; one dimension is a single row. */
export interface Image {
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

type Pair = readonly [number, number];

export function imageOf(shape: Shape, data: Float32Array): Image {
  const [channels = 1] = shape;
  const [rows, columns] = shape.length === 3 ? [shape[1]!, shape[2]!] : [1, shape[1]!];
  return { channels, rows, columns, data };
}

function pairOf(sizes: Shape | undefined, dims: number, filling: number): Pair {
  if (sizes === undefined) return [filling, filling];
  return dims === 2 ? [sizes[0]!, sizes[1]!] : [filling, sizes[0]!];
}

function beginsOf(padding: Shape | undefined, dims: number): Pair {
  return pairOf(padding?.slice(0, dims), dims, 0);
}

interface Slide {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly begin: Pair;
}

/** Calls back with the input place (or −1) under every tap of one output position. */
function eachTap(
  { kernel, stride, dilation, begin }: Slide,
  { rows, columns }: Image,
  [row, column]: Pair,
  visit: (tap: number, place: number) => void,
): void {
  for (let r = 0; r < kernel[0]; r += 1) {
    for (let c = 0; c < kernel[1]; c += 1) {
      const y = row * stride[0] + r * dilation[0] - begin[0];
      const x = column * stride[1] + c * dilation[1] - begin[1];
      const inside = y >= 0 && y < rows && x >= 0 && x < columns;
      visit(r * kernel[1] + c, inside ? y * columns + x : -1);
    }
  }
}

export function conv(node: ConvNode, input: Image, output: Image): void {
  const { weight, bias, groups = 1 } = node;
  const [, depth = 1, ...sizes] = weight.shape;
  const slide = slideOf(node, sizes);
  const taps = slide.kernel[0] * slide.kernel[1];
  const plane = input.rows * input.columns;
  for (let unit = 0; unit < output.channels; unit += 1) {
    const first = Math.floor(unit / (output.channels / groups)) * depth;
    for (let row = 0; row < output.rows; row += 1) {
      for (let column = 0; column < output.columns; column += 1) {
        let sum = bias?.data[unit] ?? 0;
        eachTap(slide, input, [row, column], (tap, place) => {
          if (place < 0) return;
          for (let channel = 0; channel < depth; channel += 1) {
            const factor = weight.data[(unit * depth + channel) * taps + tap]!;
            sum += factor * input.data[(first + channel) * plane + place]!;
          }
        });
        output.data[(unit * output.rows + row) * output.columns + column] = sum;
      }
    }
  }
}

function slideOf(node: ConvNode | ConvTransposeNode, sizes: Shape): Slide {
  const dims = sizes.length;
  return {
    kernel: pairOf(sizes, dims, 1),
    stride: pairOf(node.stride, dims, 1),
    dilation: pairOf(node.dilation, dims, 1),
    begin: beginsOf(node.padding, dims),
  };
}

/** Every input element is added, times the kernel, around its place in the output. */
export function convTranspose(node: ConvTransposeNode, input: Image, output: Image): void {
  const { weight, bias, groups = 1 } = node;
  const [, depth = 1, ...sizes] = weight.shape;
  const slide = slideOf(node, sizes);
  const taps = slide.kernel[0] * slide.kernel[1];
  const [from, to] = [input.rows * input.columns, output.rows * output.columns];
  const sums = new Float64Array(output.data.length);
  for (let channel = 0; channel < input.channels; channel += 1) {
    const first = Math.floor(channel / (input.channels / groups)) * depth;
    for (let row = 0; row < input.rows; row += 1) {
      for (let column = 0; column < input.columns; column += 1) {
        const value = input.data[channel * from + row * input.columns + column]!;
        eachTap(slide, output, [row, column], (tap, place) => {
          if (place < 0) return;
          for (let unit = 0; unit < depth; unit += 1) {
            const factor = weight.data[(channel * depth + unit) * taps + tap]!;
            sums[(first + unit) * to + place]! += value * factor;
          }
        });
      }
    }
  }
  sums.forEach((sum, index) => {
    output.data[index] = sum + (bias?.data[Math.floor(index / to)] ?? 0);
  });
}

export function pool(node: PoolNode, input: Image, output: Image, dims: number): void {
  const whole: Pair = [input.rows, input.columns];
  const kernel = node.kernel === undefined ? whole : pairOf(node.kernel, dims, 1);
  const slide = {
    kernel,
    stride: node.stride === undefined ? kernel : pairOf(node.stride, dims, 1),
    dilation: pairOf(node.dilation, dims, 1),
    begin: beginsOf(node.padding, dims),
  };
  const plane = input.rows * input.columns;
  for (let channel = 0; channel < output.channels; channel += 1) {
    for (let row = 0; row < output.rows; row += 1) {
      for (let column = 0; column < output.columns; column += 1) {
        let [sum, most, count] = [0, -Infinity, 0];
        eachTap(slide, input, [row, column], (_tap, place) => {
          if (place < 0) return;
          const value = input.data[channel * plane + place]!;
          sum += value;
          most = Math.max(most, value);
          count += 1;
        });
        const divisor = node.countPadding === true ? kernel[0] * kernel[1] : count;
        const results = { sum, max: most, average: sum / divisor };
        output.data[(channel * output.rows + row) * output.columns + column] = results[node.mode];
      }
    }
  }
}

export function upsample(node: UpsampleNode, input: Image, output: Image): void {
  const scale = pairOf(node.scale, node.scale.length, 1);
  output.data.forEach((_, index) => {
    const column = index % output.columns;
    const row = Math.floor(index / output.columns) % output.rows;
    const channel = Math.floor(index / output.columns / output.rows);
    const line = channel * input.rows + Math.floor(row / scale[0]);
    output.data[index] = input.data[line * input.columns + Math.floor(column / scale[1])]!;
  });
}
