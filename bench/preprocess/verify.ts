/** Throws unless every pixel of every observation is the same. */
export function verifyPixels(
  ours: readonly Uint8Array[],
  theirs: readonly number[],
  who: string,
): void {
  const all = ours.flatMap((observation) => [...observation]);
  if (all.length === 0 || all.length !== theirs.length)
    throw new Error(`${who} gave ${theirs.length} pixels in place of ${all.length}`);
  const wrong = all.findIndex((pixel, i) => pixel !== theirs[i]);
  if (wrong >= 0)
    throw new Error(`pixel ${wrong}: ${all[wrong]!} is not the ${theirs[wrong]!} of ${who}`);
}
