/**
 * The largest difference between outputs as a multiple of 1 + largest |expected|. Equal infinities, and NaN at the same
 * place, differ by nothing.
 */
export function deviationOf(
  computed: readonly Float32Array[],
  expected: readonly Float32Array[],
): number {
  const lengths = computed.map((output) => output.length);
  if (lengths.join() !== expected.map((output) => output.length).join()) {
    throw new Error(`outputs of ${lengths.join()} numbers, others expected`);
  }
  return Math.max(...expected.map((output, index) => deviationOfOne(computed[index]!, output)));
}

function deviationOfOne(computed: Float32Array, expected: Float32Array): number {
  let difference = 0;
  let largest = 0;
  expected.forEach((value, index) => {
    if (Object.is(value, computed[index])) return;
    const apart = Math.abs(value - computed[index]!);
    difference = Math.max(difference, Number.isNaN(apart) ? Infinity : apart);
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
  });
  return difference / (1 + largest);
}
