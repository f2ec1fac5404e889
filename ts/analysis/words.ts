import { percent } from '../demo/format.js';
import type { MethodComparison } from './comparison.js';
import type { MethodScore } from './scores.js';

export const picojoulesPerNanojoule = 1000;

export interface Judged {
  readonly title: string;
  readonly note: string;
  /** Whether more of it is better. */
  readonly rises: boolean;
}

/** What the methods are ranked by. */
export function judgedBy({ float, outputs }: MethodComparison): Judged {
  if (float.accuracy !== null) {
    const note = `float network: ${percent(float.accuracy, 2)}`;
    return { title: 'Accuracy', note, rises: true };
  }
  if (outputs > 1) {
    return { title: 'Agreement', note: 'same largest output as float', rises: true };
  }
  return { title: 'Output error', note: 'relative to the float output', rises: false };
}

/** The number itself, where it is known. */
export function scoreOf({ accuracy, agreement, relativeError }: MethodScore): number | null {
  return accuracy ?? agreement ?? relativeError;
}

export function scoreText(score: MethodScore): string {
  const value = scoreOf(score);
  return value === null ? '–' : percent(value, 2);
}

export function orDash(value: number | null, show: (value: number) => string): string {
  return value === null ? '–' : show(value);
}
