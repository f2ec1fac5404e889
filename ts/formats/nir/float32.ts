const bits = new DataView(new ArrayBuffer(4));

function neighbour(value: number, step: 1 | -1): number {
  bits.setFloat32(0, value);
  bits.setUint32(0, bits.getUint32(0) + step);
  return bits.getFloat32(0);
}

/** The next float32 above a number of at least 0: `v > x` and `v ≥ above(x)` are the same for float32. */
export const above = (value: number): number => neighbour(Math.fround(value), 1);

/** The next float32 below a number above 0. */
export const below = (value: number): number => neighbour(Math.fround(value), -1);
