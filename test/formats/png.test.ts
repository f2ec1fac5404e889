import { expect } from 'chai';
import { Random } from '../../ts/env/random.js';
import { PngAnimation, encodePng } from '../../ts/formats/png.js';
import { expectError } from './helpers/expect-error.js';
import { readPng } from './helpers/read-png.js';

function noise(width: number, height: number, seed = 1): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length: width * height * 3 }, () => random.uint32() & 255);
}

describe('png', () => {
  it('holds every pixel of a picture of any size', () => {
    for (const [width, height] of [
      [1, 1],
      [7, 3],
      [3, 200],
      [301, 2],
    ] as const) {
      const data = noise(width, height);
      const read = readPng(encodePng({ width, height, data }));
      expect(read).to.include({ width, height });
      expect(read.pictures).to.deep.equal([data]);
    }
  });

  it('packs flat colours well', () => {
    const data = new Uint8Array(300 * 200 * 3).fill(200);
    expect(encodePng({ width: 300, height: 200, data })).to.have.length.below(1000);
  });

  it('holds every picture of an animation, whatever part of it changes', () => {
    const [width, height] = [20, 10];
    const pictures = [noise(width, height)];
    const random = new Random(9);
    for (let k = 0; k < 30; k += 1) {
      const next = pictures.at(-1)!.slice();
      // Every fifth one stays as it is.
      for (let change = 0; change < k % 5; change += 1) {
        next[random.uint32() % next.length] = random.uint32() & 255;
      }
      pictures.push(next);
    }
    const animation = new PngAnimation(25);
    const reused = new Uint8Array(width * height * 3);
    for (const data of pictures) {
      reused.set(data);
      animation.add({ width, height, data: reused });
    }
    expect(animation.frames).to.equal(31);
    const read = readPng(animation.bytes());
    expect(read.pictures).to.deep.equal(pictures);
    expect(read.delays).to.deep.equal(new Array(31).fill(0.04));
  });

  it('keeps of a small change a small part', () => {
    const [width, height] = [300, 200];
    const data = noise(width, height);
    const animation = new PngAnimation(10);
    animation.add({ width, height, data });
    const still = animation.bytes().length;
    data[30_000] = data[30_000]! ^ 1;
    animation.add({ width, height, data });
    expect(animation.bytes().length - still).to.be.below(100);
  });

  it('refuses pictures and rates that cannot be', () => {
    const data = new Uint8Array(12);
    expectError(() => encodePng({ width: 2, height: 0, data }), 'E_RANGE', 'picture', '2 × 0');
    expectError(() => encodePng({ width: 2, height: 3, data }), 'E_SHAPE', '18 bytes');
    const huge = { width: 2 ** 20, height: 2 ** 20, data };
    expectError(() => encodePng(huge), 'E_RANGE', 'picture');
    expectError(() => new PngAnimation(0), 'E_RANGE', 'frames per second');
    const animation = new PngAnimation(10);
    expectError(() => animation.bytes(), 'E_STATE', 'at least one picture');
    animation.add({ width: 2, height: 2, data });
    const turned = { width: 4, height: 1, data };
    expectError(() => animation.add(turned), 'E_SHAPE', '2 × 2 pixels, received 4 × 1');
  });
});
