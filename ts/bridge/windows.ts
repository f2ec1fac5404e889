/** What slides over one or two spatial dimensions. */
export interface Sliding {
  readonly kernel: readonly number[];
  readonly stride: readonly number[];
  readonly dilation: readonly number[];
  readonly before: readonly number[];
}

/** A tap of a window that lies on the input, and the place below it. */
export interface Place {
  readonly tap: number;
  readonly place: number;
}

export function windowSize({ kernel }: Sliding): number {
  return kernel.reduce((product, size) => product * size, 1);
}

/** Calls `visit` for each output position in row-major order, with the places under its window in ascending order. */
export function eachOutput(
  input: readonly number[],
  output: readonly number[],
  window: Sliding,
  visit: (places: readonly Place[]) => void,
): void {
  // One dimension is two, of which the first has one line.
  const flat = input.length === 1;
  const two = (sizes: readonly number[], missing: number): [number, number] =>
    flat ? [missing, sizes[0]!] : [sizes[0]!, sizes[1]!];
  const [height, width] = two(input, 1);
  const [lines, columns] = two(output, 1);
  const [tall, wide] = two(window.kernel, 1);
  const [strideY, strideX] = two(window.stride, 1);
  const [dilationY, dilationX] = two(window.dilation, 1);
  const [top, left] = two(window.before, 0);
  for (let line = 0; line < lines; line += 1) {
    for (let column = 0; column < columns; column += 1) {
      const places: Place[] = [];
      for (let ky = 0; ky < tall; ky += 1) {
        const y = line * strideY - top + ky * dilationY;
        if (y < 0 || y >= height) continue;
        for (let kx = 0; kx < wide; kx += 1) {
          const x = column * strideX - left + kx * dilationX;
          if (x >= 0 && x < width) places.push({ tap: ky * wide + kx, place: y * width + x });
        }
      }
      visit(places);
    }
  }
}
