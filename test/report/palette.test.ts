import { expect } from 'chai';
import { seriesColour } from '../../ts/report/palette.js';
import { styleSheet } from '../../ts/report/style.js';

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const channel = Number.parseInt(colour.slice(start, start + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** The custom properties of the light and of the dark scheme. */
function schemes(): Map<string, string>[] {
  const [first = '', second = ''] = styleSheet.split('@media (prefers-color-scheme: dark)');
  return [first, second].map(
    (css) =>
      new Map(
        [...css.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name = '', colour = '']) => [
          name,
          colour,
        ]),
      ),
  );
}

describe('colours', () => {
  schemes().forEach((colours, index) => {
    const scheme = ['light', 'dark'][index];
    const colour = (name: string): string => {
      const found = colours.get(name);
      expect(found, name).to.be.a('string');
      return found!;
    };

    it(`keeps text readable in the ${scheme} scheme`, () => {
      for (const text of ['ink', 'soft', 'accent']) {
        for (const ground of ['paper', 'card']) {
          expect(contrast(colour(text), colour(ground)), `${text} on ${ground}`).to.be.at.least(
            4.5,
          );
        }
      }
    });

    it(`keeps marks visible in the ${scheme} scheme`, () => {
      for (let series = 1; series <= 6; series += 1) {
        const name = `series-${series}`;
        expect(contrast(colour(name), colour('card')), name).to.be.at.least(3);
      }
    });
  });

  it('starts over after the last colour', () => {
    expect(seriesColour(0)).to.equal('var(--series-1)');
    expect(seriesColour(6)).to.equal('var(--series-1)');
  });
});
