import { crc32, deflateSync } from 'node:zlib';
import { mismatch, phrase } from '../errors.js';

/** Rows from the top, three bytes (red, green, blue) for each pixel. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

// Portable Network Graphics, third edition (W3C 2025), which has animations.
const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const bytesPerPixel = 3;
const mostPixels = 2 ** 28;

/** A PNG of one picture. */
export function encodePng(picture: Picture): Uint8Array {
  check(picture);
  const content = deflated(picture, whole(picture));
  return Buffer.concat([signature, header(picture), chunk('IDAT', content), chunk('IEND')]);
}

/** An animated PNG, for ever repeated; of each picture only the part that differs from the one before is kept. */
export class PngAnimation {
  readonly #millisecondsPerFrame: number;
  readonly #frames: { readonly part: Rectangle; readonly content: Uint8Array }[] = [];
  #last: Picture | undefined;

  constructor(framesPerSecond: number) {
    if (!(framesPerSecond >= 0.1 && framesPerSecond <= 1000)) {
      throw mismatch('E_RANGE', 'frames per second', 'a number from 0.1 to 1000', framesPerSecond);
    }
    this.#millisecondsPerFrame = Math.round(1000 / framesPerSecond);
  }

  get frames(): number {
    return this.#frames.length;
  }

  /** The picture is copied. */
  add(picture: Picture): void {
    check(picture);
    const { width, height } = this.#last ?? picture;
    if (picture.width !== width || picture.height !== height) {
      const came = phrase(`${picture.width} × ${picture.height}`);
      throw mismatch('E_SHAPE', 'picture of an animation', `${width} × ${height} pixels`, came);
    }
    const part = this.#last === undefined ? whole(picture) : changed(this.#last, picture);
    this.#frames.push({ part, content: deflated(picture, part) });
    this.#last = { width, height, data: picture.data.slice() };
  }

  bytes(): Uint8Array {
    if (this.#last === undefined) {
      throw mismatch('E_STATE', 'animation', 'at least one picture', phrase('none'));
    }
    let sequence = 0;
    const chunks = this.#frames.flatMap(({ part, content }, k) => {
      const control = chunk(
        'fcTL',
        words([sequence++, part.width, part.height, part.x, part.y]),
        this.#delay(),
      );
      // The first picture is also what programs without animations show.
      if (k === 0) return [control, chunk('IDAT', content)];
      return [control, chunk('fdAT', words([sequence++]), content)];
    });
    // 0 plays: for ever.
    const animation = chunk('acTL', words([this.#frames.length, 0]));
    return Buffer.concat([signature, header(this.#last), animation, ...chunks, chunk('IEND')]);
  }

  /** Milliseconds over 1000; the picture stays (0), and the next one's part replaces what was there (0). */
  #delay(): Uint8Array {
    const bytes = Buffer.alloc(6);
    bytes.writeUInt16BE(this.#millisecondsPerFrame, 0);
    bytes.writeUInt16BE(1000, 2);
    return bytes;
  }
}

interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function whole({ width, height }: Picture): Rectangle {
  return { x: 0, y: 0, width, height };
}

/** What holds all pixels that differ; a single pixel where none does, since a part must not be empty. */
function changed(before: Picture, after: Picture): Rectangle {
  const { width, data } = after;
  let [left, right, top, bottom] = [Infinity, -1, Infinity, -1];
  for (let at = 0; at < data.length; at += 1) {
    if (data[at] === before.data[at]) continue;
    const pixel = Math.floor(at / bytesPerPixel);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    [left, right] = [Math.min(left, x), Math.max(right, x)];
    [top, bottom] = [Math.min(top, y), Math.max(bottom, y)];
  }
  if (right < 0) return { x: 0, y: 0, width: 1, height: 1 };
  return { x: left, y: top, width: right - left + 1, height: bottom - top + 1 };
}

/** Each line behind the number of its filter, 0: none. */
function deflated({ width, data }: Picture, part: Rectangle): Uint8Array {
  const lineLength = part.width * bytesPerPixel;
  const lines = new Uint8Array((lineLength + 1) * part.height);
  for (let line = 0; line < part.height; line += 1) {
    const from = ((part.y + line) * width + part.x) * bytesPerPixel;
    lines.set(data.subarray(from, from + lineLength), line * (lineLength + 1) + 1);
  }
  return deflateSync(lines);
}

function header({ width, height }: Picture): Uint8Array {
  // Eight bits for each of red, green, blue; deflate, the usual filters, not interlaced.
  return chunk('IHDR', words([width, height]), Uint8Array.of(8, 2, 0, 0, 0));
}

function words(values: readonly number[]): Uint8Array {
  const bytes = Buffer.alloc(values.length * 4);
  values.forEach((value, k) => bytes.writeUInt32BE(value, k * 4));
  return bytes;
}

/** Length of the content, type, content, and the checksum of the last two. */
function chunk(type: string, ...content: readonly Uint8Array[]): Uint8Array {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), ...content]);
  return Buffer.concat([words([named.length - 4]), named, words([crc32(named)])]);
}

function check({ width, height, data }: Picture): void {
  const fits = [width, height].every((side) => Number.isSafeInteger(side) && side >= 1);
  if (!fits || width * height > mostPixels) {
    const came = phrase(`${width} × ${height}`);
    throw mismatch(
      'E_RANGE',
      'picture',
      `sides of at least 1 and up to ${mostPixels} pixels`,
      came,
    );
  }
  const expected = width * height * bytesPerPixel;
  if (!(data instanceof Uint8Array) || data.length !== expected) {
    throw mismatch('E_SHAPE', 'picture', `a Uint8Array of ${expected} bytes`, data);
  }
}
