import type { Frame } from '../env.js';
import { Canvas, colours } from './canvas.js';
import type { Colour } from './canvas.js';

/** In cells of the field; a brick takes up two. */
export interface BricksScene {
  readonly rows: number;
  readonly columns: number;
  readonly bricks: readonly { readonly row: number; readonly column: number }[];
  readonly paddle: { readonly column: number; readonly length: number };
  readonly ball: { readonly row: number; readonly column: number };
}

/** Pixels of a cell's side, of which one is left free. */
const cell = 16;
const gap = 1;
const rowColours: readonly Colour[] = [colours.blue, colours.orange, colours.yellow, colours.green];

export function drawBricks({ rows, columns, bricks, paddle, ball }: BricksScene): Frame {
  const canvas = new Canvas(columns * cell, rows * cell, colours.ink);
  const block = (row: number, column: number, length: number, colour: Colour): void =>
    canvas.rectangle(
      [column * cell, row * cell],
      [(column + length) * cell - gap, (row + 1) * cell - gap],
      colour,
    );
  for (const { row, column } of bricks) {
    block(row, column, 2, rowColours[row % rowColours.length]!);
  }
  block(rows - 1, paddle.column, paddle.length, colours.ground);
  const centre = [(ball.column + 0.5) * cell, (ball.row + 0.5) * cell] as const;
  canvas.disc(centre, cell / 2 - gap, colours.paper);
  return canvas;
}
