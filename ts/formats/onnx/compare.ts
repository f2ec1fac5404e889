import { mismatch, show } from '../../errors.js';
import { magnitudes } from './samples.js';

export interface ReferenceOutput {
  readonly name: string;
  /** Row-major, one row for each observation. */
  readonly data: Float32Array;
}

export interface OutputDeviation {
  readonly name: string;
  readonly largestDeviation: number;
  /** Largest |output| of onnxruntime, the measure of what the deviation means. */
  readonly largestOutput: number;
  readonly within: boolean;
}

interface Setting {
  readonly rows: number;
  readonly tolerance: number;
  readonly what: string;
}

/** `computed` holds, for each observation, all outputs one after another. */
export function compareOutputs(
  computed: Float32Array,
  reference: readonly ReferenceOutput[],
  widths: readonly number[],
  setting: Setting,
): OutputDeviation[] {
  const { rows, what } = setting;
  const rowWidth = widths.reduce((sum, width) => sum + width, 0);
  const sizes = reference.map(({ data }) => data.length / rows);
  if (sizes.length !== widths.length || sizes.some((size, index) => size !== widths[index])) {
    const expected = `outputs of ${show(sizes)} numbers as onnxruntime gives`;
    throw mismatch('E_MISMATCH', what, expected, widths);
  }
  if (computed.length !== rows * rowWidth) {
    const expected = `${rows} rows of ${rowWidth} numbers`;
    throw mismatch('E_INTERNAL', `${what}: forward pass`, expected, computed.length);
  }
  let offset = 0;
  return reference.map(({ name, data }, index) => {
    const width = widths[index] ?? 0;
    const own = { data: computed, rowWidth, offset };
    offset += width;
    return { name, ...compareOne(own, data, width, setting) };
  });
}

interface Slice {
  readonly data: Float32Array;
  readonly rowWidth: number;
  readonly offset: number;
}

/** Rows of one magnitude are judged together, or large outputs would excuse errors in small ones. */
function compareOne(
  own: Slice,
  reference: Float32Array,
  width: number,
  { rows, tolerance }: Setting,
) {
  let largestDeviation = 0;
  let largestOutput = 0;
  let within = true;
  for (let group = 0; group < magnitudes.length; group += 1) {
    let deviation = 0;
    let largest = 0;
    for (let row = group; row < rows; row += magnitudes.length) {
      for (let unit = 0; unit < width; unit += 1) {
        const truth = reference[row * width + unit] ?? NaN;
        const value = own.data[row * own.rowWidth + own.offset + unit] ?? NaN;
        deviation = Math.max(deviation, difference(value, truth));
        if (Number.isFinite(truth)) largest = Math.max(largest, Math.abs(truth));
      }
    }
    largestDeviation = Math.max(largestDeviation, deviation);
    largestOutput = Math.max(largestOutput, largest);
    within &&= deviation <= tolerance + tolerance * largest;
  }
  return { largestDeviation, largestOutput, within };
}

/** Where both overflowed alike there is no deviation; where only one did it is infinite. */
function difference(value: number, truth: number): number {
  if (Object.is(value, truth)) return 0;
  const deviation = Math.abs(value - truth);
  return Number.isNaN(deviation) ? Infinity : deviation;
}
