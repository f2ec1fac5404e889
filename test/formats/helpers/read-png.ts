import { crc32, inflateSync } from 'node:zlib';
import { expect } from 'chai';

interface Chunk {
  readonly type: string;
  readonly content: Buffer;
}

export interface ReadPng {
  readonly width: number;
  readonly height: number;
  /** What is shown, picture by picture; a still one has one. */
  readonly pictures: readonly Uint8Array[];
  /** Seconds of each picture of an animation. */
  readonly delays: readonly number[];
}

/** Chunk by chunk after the standard, for 8-bit colours without filters: what spiq writes, and no more. */
export function readPng(bytes: Uint8Array): ReadPng {
  const [first, ...chunks] = chunksOf(Buffer.from(bytes));
  expect(first!.type).to.equal('IHDR');
  const [width, height] = [first!.content.readUInt32BE(0), first!.content.readUInt32BE(4)];
  expect([...first!.content.subarray(8)]).to.deep.equal([8, 2, 0, 0, 0]);
  expect(chunks.at(-1)).to.deep.equal({ type: 'IEND', content: Buffer.alloc(0) });
  const control = chunks.find(({ type }) => type === 'acTL')?.content;
  if (control === undefined) {
    const [data] = chunks;
    expect(chunks.map(({ type }) => type)).to.deep.equal(['IDAT', 'IEND']);
    const canvas = new Uint8Array(width * height * 3);
    paint(canvas, width, { x: 0, y: 0, width, height }, data!.content);
    return { width, height, pictures: [canvas], delays: [] };
  }
  return { width, height, ...animation(chunks, control, width, height) };
}

function animation(
  chunks: readonly Chunk[],
  control: Buffer,
  width: number,
  height: number,
): Pick<ReadPng, 'pictures' | 'delays'> {
  const canvas = new Uint8Array(width * height * 3);
  const pictures: Uint8Array[] = [];
  const delays: number[] = [];
  let sequence = 0;
  let part = { x: 0, y: 0, width, height };
  for (const { type, content } of chunks) {
    if (type === 'fcTL') {
      expect(content.readUInt32BE(0)).to.equal(sequence++);
      const [w, h, x, y] = [4, 8, 12, 16].map((at) => content.readUInt32BE(at));
      part = { x: x!, y: y!, width: w!, height: h! };
      expect([part.x + part.width <= width, part.y + part.height <= height]).to.not.include(false);
      delays.push(content.readUInt16BE(20) / content.readUInt16BE(22));
      expect([...content.subarray(24)]).to.deep.equal([0, 0]);
    } else if (type === 'IDAT' || type === 'fdAT') {
      if (type === 'fdAT') expect(content.readUInt32BE(0)).to.equal(sequence++);
      paint(canvas, width, part, type === 'IDAT' ? content : content.subarray(4));
      pictures.push(canvas.slice());
    }
  }
  expect([control.readUInt32BE(0), control.readUInt32BE(4)]).to.deep.equal([pictures.length, 0]);
  return { pictures, delays };
}

function paint(
  canvas: Uint8Array,
  width: number,
  part: { x: number; y: number; width: number; height: number },
  content: Buffer,
): void {
  const lines = inflateSync(content);
  const length = part.width * 3 + 1;
  expect(lines).to.have.length(length * part.height);
  for (let line = 0; line < part.height; line += 1) {
    expect(lines[line * length], 'filter').to.equal(0);
    const pixels = lines.subarray(line * length + 1, (line + 1) * length);
    canvas.set(pixels, ((part.y + line) * width + part.x) * 3);
  }
}

function chunksOf(bytes: Buffer): Chunk[] {
  expect(bytes.subarray(0, 8).toString('latin1')).to.equal('\x89PNG\r\n\x1a\n');
  const chunks: Chunk[] = [];
  for (let at = 8; at < bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    expect(bytes.readUInt32BE(end)).to.equal(crc32(bytes.subarray(at + 4, end)));
    const type = bytes.toString('latin1', at + 4, at + 8);
    chunks.push({ type, content: bytes.subarray(at + 8, end) });
    at = end + 4;
  }
  return chunks;
}
