import type { Frame } from '../env.js';
import { Canvas, colours } from './canvas.js';
import type { Point } from './canvas.js';

const size = 240;
/** Both links stretched reach 2 m. */
const pixelsPerMetre = size / 4.4;
const middle = size / 2;

export function drawAcrobot([angle1 = 0, angle2 = 0]: Float64Array): Frame {
  const canvas = new Canvas(size, size);
  const goal = middle - pixelsPerMetre;
  canvas.rectangle([0, goal - 1], [size, goal + 1], colours.green);
  const joint: Point = [middle, middle];
  const elbow = hanging(joint, angle1);
  const end = hanging(elbow, angle1 + angle2);
  canvas.line(joint, elbow, 9, colours.blue);
  canvas.line(elbow, end, 9, colours.orange);
  for (const point of [joint, elbow]) canvas.disc(point, 5, colours.yellow);
  return canvas;
}

function hanging([x, y]: Point, angle: number): Point {
  return [x + pixelsPerMetre * Math.sin(angle), y + pixelsPerMetre * Math.cos(angle)];
}
