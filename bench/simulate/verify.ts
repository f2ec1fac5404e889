const tolerance = 1e-3;
const rowsAllowedToDiffer = 0.1;

/**
 * Results must be the same network's before anybody's time counts. A spike on a near-tie may fall either way in
 * another order of sums, which moves an output by a weight: nine rows in ten must agree to rounding.
 */
export function verifyOutputs(
  ours: ArrayLike<number>,
  theirs: ArrayLike<number>,
  rows: number,
  who: string,
): void {
  if (rows === 0 || ours.length === 0 || ours.length !== theirs.length) {
    throw new Error(`${who} gave ${theirs.length} outputs in place of ${ours.length}`);
  }
  const width = ours.length / rows;
  let wrong = 0;
  for (let row = 0; row < rows; row += 1) {
    const agrees = Array.from({ length: width }, (_, i) => row * width + i).every(
      (i) => Math.abs(ours[i]! - theirs[i]!) <= tolerance * (1 + Math.abs(theirs[i]!)),
    );
    if (!agrees) wrong += 1;
  }
  if (wrong > rows * rowsAllowedToDiffer) {
    throw new Error(`${wrong} of ${rows} rows differ from those of ${who}`);
  }
}
