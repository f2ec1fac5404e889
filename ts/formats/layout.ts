import type { Tensor } from '../graph.js';

export type Layout = 'out-in' | 'in-out';

export const layouts: readonly Layout[] = ['out-in', 'in-out'];

/** Swaps the two dimensions of a matrix. */
export function transpose(matrix: Tensor): Tensor {
  const [rows = 0, columns = 0] = matrix.shape;
  const data = new Float32Array(matrix.data.length);
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      data[column * rows + row] = matrix.data[row * columns + column] ?? 0;
    }
  }
  return { shape: [columns, rows], data };
}
