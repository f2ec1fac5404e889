import { magnitudes } from './samples.js';
import type { TailResult } from './tail.js';

export interface OutputDeviation {
  /** ONNX name of the output. */
  readonly name: string;
  readonly largestDeviation: number;
  /** Largest |output| of onnxruntime, the measure of what the deviation means. */
  readonly largestOutput: number;
  readonly within: boolean;
}

export interface Setting {
  readonly rows: number;
  readonly tolerance: number;
}

/** Rows of one magnitude are judged together, or large outputs would excuse errors in small ones. */
export function compareValues(
  own: TailResult,
  reference: Float32Array,
  { rows, tolerance }: Setting,
): Omit<OutputDeviation, 'name'> {
  if (own.margins !== undefined) return compareChoices(own.data, own.margins, reference, tolerance);
  const width = reference.length / rows;
  let largestDeviation = 0;
  let largestOutput = 0;
  let within = true;
  for (let group = 0; group < magnitudes.length; group += 1) {
    let deviation = 0;
    let largest = 0;
    for (let row = group; row < rows; row += magnitudes.length) {
      for (let unit = row * width; unit < (row + 1) * width; unit += 1) {
        const truth = reference[unit] ?? NaN;
        deviation = Math.max(deviation, difference(own.data[unit] ?? NaN, truth));
        if (Number.isFinite(truth)) largest = Math.max(largest, Math.abs(truth));
      }
    }
    largestDeviation = Math.max(largestDeviation, deviation);
    largestOutput = Math.max(largestOutput, largest);
    within &&= deviation <= tolerance + tolerance * largest;
  }
  return { largestDeviation, largestOutput, within };
}

/** Choices between values that are nearly the same may differ; of the others none may. */
function compareChoices(
  own: Float32Array,
  margins: Float32Array,
  reference: Float32Array,
  tolerance: number,
): Omit<OutputDeviation, 'name'> {
  let largestDeviation = 0;
  let largestOutput = 0;
  for (let index = 0; index < reference.length; index += 1) {
    largestOutput = Math.max(largestOutput, reference[index]!);
    if (margins[index]! <= tolerance) continue;
    largestDeviation = Math.max(largestDeviation, difference(own[index]!, reference[index]!));
  }
  return { largestDeviation, largestOutput, within: largestDeviation === 0 };
}

/** Where both overflowed alike there is no deviation; where only one did it is infinite. */
function difference(value: number, truth: number): number {
  if (Object.is(value, truth)) return 0;
  const deviation = Math.abs(value - truth);
  return Number.isNaN(deviation) ? Infinity : deviation;
}
