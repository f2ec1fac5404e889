import type { RecordedPlay } from '../../ts/agent/classifier.js';
import { Random } from '../../ts/env/random.js';

/** Points of a square, and which of its sides each is nearest to: four actions to learn. */
export function recordedSides(rows: number): RecordedPlay {
  const random = new Random(1);
  const observations = new Float32Array(rows * 2).map(() => random.uniform(-1, 1));
  const outputs = new Float32Array(rows * 4);
  for (let row = 0; row < rows; row += 1) {
    const [x, y] = [observations[2 * row]!, observations[2 * row + 1]!];
    outputs.set([x, -x, y, -y], row * 4);
  }
  return { observations, outputs, actions: 4 };
}
