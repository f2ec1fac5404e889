/**
 * The largest difference as a multiple of 1 + largest |expected|. `computed` holds, for each row, all outputs one after
 * another; equal infinities and NaN at the same place differ by nothing.
 */
export function deviationOf(
  computed: ArrayLike<number>,
  expected: readonly Float32Array[],
  rows: number,
): number {
  const widths = expected.map((data) => data.length / rows);
  const rowWidth = widths.reduce((sum, width) => sum + width, 0);
  if (computed.length !== rows * rowWidth) {
    throw new Error(`${computed.length} numbers computed, ${rows} rows of ${rowWidth} expected`);
  }
  let worst = 0;
  let offset = 0;
  for (const [index, data] of expected.entries()) {
    const width = widths[index]!;
    let difference = 0;
    let largest = 0;
    for (let i = 0; i < data.length; i += 1) {
      const own = computed[Math.floor(i / width) * rowWidth + offset + (i % width)]!;
      if (Object.is(own, data[i])) continue;
      const apart = Math.abs(own - data[i]!);
      difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
      if (Number.isFinite(data[i])) largest = Math.max(largest, Math.abs(data[i]!));
    }
    worst = Math.max(worst, difference / (1 + largest));
    offset += width;
  }
  return worst;
}
