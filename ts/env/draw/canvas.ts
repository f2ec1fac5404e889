import type { Frame } from '../env.js';

export type Colour = readonly [red: number, green: number, blue: number];
export type Point = readonly [x: number, y: number];

// Okabe and Ito's colours (2008), told apart with every common kind of colour blindness.
export const colours = {
  paper: [255, 255, 255],
  ground: [214, 219, 224],
  ink: [45, 52, 60],
  blue: [0, 114, 178],
  orange: [213, 94, 0],
  green: [0, 158, 115],
  yellow: [230, 159, 0],
} as const satisfies Readonly<Record<string, Colour>>;

/** Samples along each side of a pixel, for smooth edges. */
const samples = 4;

/** A picture that shapes are painted on, one over the other; x to the right and y downwards, in pixels. */
export class Canvas implements Frame {
  readonly data: Uint8Array;

  constructor(
    readonly width: number,
    readonly height: number,
    background: Colour = colours.paper,
  ) {
    this.data = new Uint8Array(width * height * 3);
    for (let at = 0; at < this.data.length; at += 3) this.data.set(background, at);
  }

  /** The disc of a radius. */
  disc([x, y]: Point, radius: number, colour: Colour): void {
    const box = [x - radius, y - radius, x + radius, y + radius] as const;
    this.#paint(box, colour, (px, py) => (px - x) ** 2 + (py - y) ** 2 <= radius * radius);
  }

  /** A line with round ends. */
  line(from: Point, to: Point, thickness: number, colour: Colour): void {
    const radius = thickness / 2;
    const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
    const square = dx * dx + dy * dy;
    const box = [
      Math.min(from[0], to[0]) - radius,
      Math.min(from[1], to[1]) - radius,
      Math.max(from[0], to[0]) + radius,
      Math.max(from[1], to[1]) + radius,
    ] as const;
    this.#paint(box, colour, (px, py) => {
      const along = square === 0 ? 0 : ((px - from[0]) * dx + (py - from[1]) * dy) / square;
      const share = Math.min(Math.max(along, 0), 1);
      const [x, y] = [from[0] + share * dx, from[1] + share * dy];
      return (px - x) ** 2 + (py - y) ** 2 <= radius * radius;
    });
  }

  rectangle([left, top]: Point, [right, bottom]: Point, colour: Colour): void {
    this.#within([left, top, right, bottom], (x, y) => {
      const covered = overlap(x, left, right) * overlap(y, top, bottom);
      this.#blend((y * this.width + x) * 3, colour, covered);
    });
  }

  /** Everything below a line that is given by its height at each x. */
  below(height: (x: number) => number, colour: Colour): void {
    for (let x = 0; x < this.width; x += 1) {
      const heights = Array.from({ length: samples }, (_, k) => height(x + (k + 0.5) / samples));
      for (let y = 0; y < this.height; y += 1) {
        const covered = heights.reduce((sum, line) => sum + overlap(y, line, Infinity), 0);
        this.#blend((y * this.width + x) * 3, colour, covered / samples);
      }
    }
  }

  #paint(box: Box, colour: Colour, inside: (x: number, y: number) => boolean): void {
    this.#within(box, (x, y) => {
      let hits = 0;
      for (let k = 0; k < samples * samples; k += 1) {
        const [column, row] = [k % samples, Math.floor(k / samples)];
        hits += Number(inside(x + (column + 0.5) / samples, y + (row + 0.5) / samples));
      }
      this.#blend((y * this.width + x) * 3, colour, hits / (samples * samples));
    });
  }

  /** The pixels that a box touches. */
  #within([left, top, right, bottom]: Box, visit: (x: number, y: number) => void): void {
    const lastX = Math.min(Math.ceil(right), this.width);
    const lastY = Math.min(Math.ceil(bottom), this.height);
    for (let y = Math.max(Math.floor(top), 0); y < lastY; y += 1) {
      for (let x = Math.max(Math.floor(left), 0); x < lastX; x += 1) visit(x, y);
    }
  }

  #blend(at: number, colour: Colour, share: number): void {
    if (share === 0) return;
    for (let k = 0; k < 3; k += 1) {
      const before = this.data[at + k]!;
      this.data[at + k] = Math.round(before + (colour[k]! - before) * share);
    }
  }
}

type Box = readonly [left: number, top: number, right: number, bottom: number];

/** How much of the pixel at `at` lies between two borders, along one side. */
function overlap(at: number, low: number, high: number): number {
  return Math.max(0, Math.min(at + 1, high) - Math.max(at, low));
}
