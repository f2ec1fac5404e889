import { mismatch } from '../../../errors.js';
import type { Tensor } from '../../../graph.js';

/** Spreads a scalar, [n], [1] or [1, n] over `units`, as ONNX broadcasts it over the batch. */
export function broadcastBias(
  constant: Tensor,
  units: number,
  factor: number,
  label: string,
): Tensor {
  const width = constant.shape.at(-1) ?? 1;
  const isRow = constant.shape.slice(0, -1).every((size) => size === 1);
  if (!isRow || constant.shape.length > 2 || (width !== 1 && width !== units)) {
    throw mismatch(
      'E_SHAPE',
      `${label}: bias`,
      `[], [1], [${units}] or [1, ${units}]`,
      constant.shape,
    );
  }
  const data = Float32Array.from({ length: units }, (_, unit) => {
    return factor * (constant.data[width === 1 ? 0 : unit] ?? 0);
  });
  return { shape: [units], data };
}
