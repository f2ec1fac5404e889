/**
 * Okabe and Ito's colours (2008), told apart with every common kind of colour blindness, darkened or
 * lightened until each has a contrast of 3 : 1 or more with the page, as WCAG 2.2 asks of graphics.
 */
const light = ['#0072b2', '#d55e00', '#00805d', '#a8508a', '#8f6a00', '#2a78c9'];
const dark = ['#56b4e9', '#f5894a', '#2fcfa0', '#e09ac6', '#e6b53c', '#9cc9f5'];

export function seriesColours(scheme: 'light' | 'dark'): string {
  const colours = scheme === 'light' ? light : dark;
  return colours.map((colour, k) => `--series-${k + 1}: ${colour};`).join(' ');
}

/** The colour of series k, resolved by the style sheet, so that one drawing serves both schemes. */
export function seriesColour(index: number): string {
  return `var(--series-${(index % light.length) + 1})`;
}

/** Beside its colour each line has a dash pattern, in SVG units, and a marker of its own. */
const dashes = [[], [7, 4], [2, 4], [10, 4, 2, 4], [4, 3], [12, 5]] as const;
const markers = ['circle', 'rect', 'triangle', 'diamond', 'circle', 'rect'] as const;

export function seriesDash(index: number): number[] {
  return [...(dashes[index % dashes.length] as readonly number[])];
}

export function seriesMarker(index: number): string {
  return markers[index % markers.length] as string;
}

export const ink = 'var(--ink)';
export const softInk = 'var(--soft)';
export const rule = 'var(--rule)';
