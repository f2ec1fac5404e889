import { expect } from 'chai';
import { philox } from './philox.js';

describe('reference: Philox 4x32-10', () => {
  // kat_vectors of Random123 1.14, lines "philox4x32 10".
  const ones = 0xffffffff;
  const known = [
    [
      [0, 0, 0, 0],
      [0, 0],
      [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    ],
    [
      [ones, ones, ones, ones],
      [ones, ones],
      [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    ],
  ] as const;

  it('gives the published values', () => {
    for (const [counter, key, expected] of known)
      expect(philox(counter, key)).to.deep.equal(expected);
  });
});
