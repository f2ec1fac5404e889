export interface Histogram {
  /** '0–24', or '500' where a bin holds one whole number. */
  readonly labels: readonly string[];
  /** Per group, the share of its values in each bin. */
  readonly shares: readonly (readonly number[])[];
}

/** Wide enough bins that at most so many are needed. */
const mostBins = 12;
const niceWidths = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500];

/** Bins of equal, round width over the values of all groups, which are returns: counted in whole steps. */
export function histogram(groups: readonly (readonly number[])[]): Histogram {
  const values = groups.flat();
  const lowest = values.reduce((a, b) => Math.min(a, b), Infinity);
  const highest = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const width = binWidth(lowest, highest);
  const first = Math.floor(lowest / width);
  const count = Math.floor(highest / width) - first + 1;
  const labels = Array.from({ length: count }, (_, k) => {
    const start = (first + k) * width;
    return binLabel(start, Math.min(start + width - 1, Math.ceil(highest)));
  });
  const shares = groups.map((group) => {
    const bins = new Array<number>(count).fill(0);
    for (const value of group) {
      const bin = Math.floor(value / width) - first;
      bins[bin] = bins[bin]! + 1;
    }
    return bins.map((n) => n / group.length);
  });
  return { labels, shares };
}

function binWidth(lowest: number, highest: number): number {
  const fits = (width: number): boolean =>
    Math.floor(highest / width) - Math.floor(lowest / width) < mostBins;
  const nice = niceWidths.find(fits);
  if (nice !== undefined) return nice;
  let width = 1000;
  while (!fits(width)) width *= 10;
  return width;
}

function binLabel(start: number, end: number): string {
  return start >= end ? String(start) : `${start}–${end}`;
}
