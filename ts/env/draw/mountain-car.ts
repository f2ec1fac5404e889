import type { Frame } from '../env.js';
import { Canvas, colours } from './canvas.js';
import type { Point } from './canvas.js';

const [width, height] = [300, 200];
const [leftmost, rightmost, goal] = [-1.2, 0.6, 0.5];
const pixelsPerUnit = width / (rightmost - leftmost);
/** The ground of the task, sin(3 × position), drawn less steep. */
const steepness = 0.45;
const level = 0.55;

const xOf = (position: number): number => (position - leftmost) * pixelsPerUnit;
const groundAt = (position: number): number =>
  height - (Math.sin(3 * position) * steepness + level) * pixelsPerUnit;

export function drawMountainCar([position = 0]: Float64Array): Frame {
  const canvas = new Canvas(width, height);
  canvas.below((x) => groundAt(leftmost + x / pixelsPerUnit), colours.ground);
  const [flagX, flagY] = [xOf(goal), groundAt(goal)];
  canvas.line([flagX, flagY], [flagX, flagY - 25], 1.5, colours.ink);
  canvas.rectangle([flagX, flagY - 25], [flagX + 12, flagY - 17], colours.green);
  drawCar(canvas, position);
  return canvas;
}

function drawCar(canvas: Canvas, position: number): void {
  const slope = Math.atan(3 * steepness * Math.cos(3 * position));
  const [cosine, sine] = [Math.cos(slope), Math.sin(slope)];
  const [x, y] = [xOf(position), groundAt(position)];
  /** Along the ground and above it. */
  const at = (along: number, above: number): Point => [
    x + along * cosine - above * sine,
    y - along * sine - above * cosine,
  ];
  canvas.line(at(-8, 10), at(8, 10), 8, colours.blue);
  canvas.line(at(-3, 14), at(3, 14), 7, colours.blue);
  for (const axle of [-7, 7]) canvas.disc(at(axle, 5), 5, colours.ink);
}
