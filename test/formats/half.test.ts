import { expect } from 'chai';
import fc from 'fast-check';
import { narrowHalf, widenHalf } from '../../ts/formats/half.js';

describe('half precision', () => {
  const everyHalf = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits).filter(
    (bits) => (bits & 0x7c00) !== 0x7c00,
  );

  it('keeps every finite half as it is', () => {
    expect(narrowHalf(widenHalf(everyHalf), 'halves')).to.deep.equal(everyHalf);
  });

  it('takes the nearest of the halves around a number, the even one of equally near ones', () => {
    const sorted = widenHalf(everyHalf.filter((bits) => bits < 0x8000));
    fc.assert(
      fc.property(fc.nat(sorted.length - 2), fc.integer({ min: 0, max: 8 }), (below, eighths) => {
        const [low, high] = [sorted[below]!, sorted[below + 1]!];
        const value = low + ((high - low) * eighths) / 8;
        const even = below % 2 === 0 ? low : high;
        const nearest = eighths < 4 ? low : eighths > 4 ? high : even;
        const [up, down] = widenHalf(narrowHalf(Float32Array.of(value, -value), 'numbers'));
        expect([up, down]).to.deep.equal([nearest, -nearest]);
      }),
    );
  });

  it('refuses what is too large, or no number, by its place', () => {
    expect(narrowHalf(Float32Array.of(65519), 'w')[0]).to.equal(0x7bff);
    expect(() => narrowHalf(Float32Array.of(0, 65520), 'w')).to.throw(
      /^w, value 1: .*65504.*65520/,
    );
    expect(() => narrowHalf(Float32Array.of(NaN), 'w')).to.throw(/NaN/);
  });
});
