import type { ParsedOnnx } from '../../ts/formats/onnx/index.js';
import { elementsOf } from '../../ts/formats/sizes.js';

type Step = ParsedOnnx['tail'][number];

export interface Values {
  /** With the batch dimension. */
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * What the operators behind a network make of its answers: the import leaves them out, since no neuron computes them,
 * while a file's outputs have them in.
 */
export function applyStep(
  { shape, data }: Values,
  { operator, axis = 1, joined, last }: Step,
): Values {
  if (operator === 'Sigmoid') return { shape, data: data.map((x) => 1 / (1 + Math.exp(-x))) };
  const length = joined ? elementsOf(shape.slice(axis)) : shape[axis]!;
  const stride = joined ? 1 : elementsOf(shape.slice(axis + 1));
  if (operator === 'ArgMax') {
    const chosen = lines(data, length, stride).map((line) => {
      const most = Math.max(...line);
      return last ? line.lastIndexOf(most) : line.indexOf(most);
    });
    return { shape: shape.filter((_, d) => d !== axis), data: Float32Array.from(chosen) };
  }
  const computed = new Float32Array(data.length);
  lines(data, length, stride).forEach((line, index) => {
    const first = Math.floor(index / stride) * length * stride + (index % stride);
    const largest = Math.max(...line);
    const sum = line.reduce((total, x) => total + Math.exp(x - largest), 0);
    line.forEach((x, i) => {
      const logarithm = x - largest - Math.log(sum);
      computed[first + i * stride] = operator === 'Softmax' ? Math.exp(logarithm) : logarithm;
    });
  });
  if (!['Softmax', 'LogSoftmax'].includes(operator)) throw new Error(`no step for ${operator}`);
  return { shape, data: computed };
}

/** The runs of `length` elements, `stride` apart, in the order of what a reduction makes of them. */
function lines(data: Float32Array, length: number, stride: number): number[][] {
  return Array.from({ length: data.length / length }, (_, index) => {
    const first = Math.floor(index / stride) * length * stride + (index % stride);
    return Array.from({ length }, (_, i) => data[first + i * stride]!);
  });
}
