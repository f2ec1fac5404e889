/** One-dimensional shapes are planes of one row, so that everything is written for two dimensions. */
export type Pair = readonly [rows: number, columns: number];

export interface Plane {
  readonly channels: number;
  readonly size: Pair;
}

export interface PlaneWindow {
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly dilation: Pair;
  readonly before: Pair;
}

export function asPlane(shape: readonly number[]): Plane {
  const [channels, ...size] = shape;
  return { channels: channels!, size: asPair(size, 1) };
}

/** The sizes along the spatial dimensions; those not given are `standard`. */
export function asPair(sizes: readonly number[] | undefined, standard: number): Pair {
  if (sizes === undefined || sizes.length === 0) return [standard, standard];
  return sizes.length === 1 ? [standard, sizes[0]!] : [sizes[0]!, sizes[1]!];
}

/** All begins, then all ends: the begins. */
export function paddingBefore(padding: readonly number[] | undefined): Pair {
  return asPair(padding?.slice(0, padding.length / 2), 0);
}

export function indexIn({ size }: Plane, channel: number, [row, column]: Pair): number {
  return (channel * size[0] + row) * size[1] + column;
}

export function isInside([row, column]: Pair, size: Pair): boolean {
  return row >= 0 && row < size[0] && column >= 0 && column < size[1];
}

/** Every position of a plane, rows first. */
export function positions([rows, columns]: Pair): Pair[] {
  const all: Pair[] = [];
  for (let row = 0; row < rows; row += 1)
    for (let column = 0; column < columns; column += 1) all.push([row, column]);
  return all;
}

/** Where in the input a window at `output` has its kernel position `tap`; possibly in the padding. */
export function slid(window: PlaneWindow, output: Pair, tap: Pair): Pair {
  const along = (d: 0 | 1): number =>
    output[d] * window.stride[d] + tap[d] * window.dilation[d] - window.before[d];
  return [along(0), along(1)];
}

/** The input position that kernel position `tap` of a transposed window spreads to `output`; often between inputs. */
export function spreading(window: PlaneWindow, output: Pair, tap: Pair): Pair {
  const along = (d: 0 | 1): number =>
    (output[d] + window.before[d] - tap[d] * window.dilation[d]) / window.stride[d];
  return [along(0), along(1)];
}
