import type { Frame } from '../env.js';
import { Canvas, colours } from './canvas.js';

const [width, height] = [300, 200];
const track = 150; // y of the rail
/** The rail shows twice the 2.4 m at which an episode ends. */
const pixelsPerMetre = width / 9.6;
const poleLength = 100;
const [cartHalfWidth, cartHalfHeight] = [20, 10];

export function drawCartPole([position = 0, , angle = 0]: Float64Array): Frame {
  const canvas = new Canvas(width, height);
  canvas.rectangle([0, track + 9], [width, track + 11], colours.ground);
  for (const limit of [-2.4, 2.4]) {
    const x = width / 2 + limit * pixelsPerMetre;
    canvas.rectangle([x - 1, track + 3], [x + 1, track + 17], colours.ground);
  }
  const x = width / 2 + position * pixelsPerMetre;
  canvas.rectangle(
    [x - cartHalfWidth, track - cartHalfHeight],
    [x + cartHalfWidth, track + cartHalfHeight],
    colours.ink,
  );
  const tip = [x + poleLength * Math.sin(angle), track - poleLength * Math.cos(angle)] as const;
  canvas.line([x, track - 4], tip, 7, colours.orange);
  canvas.disc([x, track - 4], 3, colours.yellow);
  return canvas;
}
