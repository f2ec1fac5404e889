/** Text made safe inside SVG elements and quoted attributes. */
export function escapeXml(text: string): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&#39;',
  };
  // XML permits no control characters but tab and line ends.
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]!);
}

/** Colours with a contrast of at least 3 : 1 in either scheme, those of the reports. */
const style = `
  text { font: 12px system-ui, sans-serif; fill: #1f2328; }
  .soft { fill: #59636e; } .right { text-anchor: end; } .middle { text-anchor: middle; }
  .grid { stroke: #d1d9e0; } .reached { fill: #0072b2; } .missed { fill: #d55e00; }
  .target { stroke: #1f2328; stroke-width: 2.5; } .line { stroke: #0072b2; stroke-width: 2; fill: none; }
  .series1 { stroke: #d55e00; stroke-dasharray: 7 4; } .series2 { stroke: #00805d; stroke-dasharray: 2 4; }
  .ideal { stroke: #59636e; stroke-dasharray: 4 4; fill: none; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .soft { fill: #9198a1; } .grid { stroke: #3d444d; }
    .reached { fill: #56b4e9; } .missed { fill: #f5894a; } .target { stroke: #e6edf3; }
    .line { stroke: #56b4e9; } .series1 { stroke: #f5894a; } .series2 { stroke: #2fcfa0; }
    .ideal { stroke: #9198a1; }
  }`;

export function svgDocument(
  width: number,
  height: number,
  title: string,
  parts: readonly string[],
): string {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img">`;
  return `${[open, `<title>${escapeXml(title)}</title>`, `<style>${style}\n</style>`, ...parts, '</svg>'].join('\n')}\n`;
}

export function text(x: number, y: number, content: string, className = ''): string {
  return `<text x="${round(x)}" y="${round(y)}" class="${className}">${escapeXml(content)}</text>`;
}

export function line(
  [x1, y1]: readonly [number, number],
  [x2, y2]: readonly [number, number],
  className: string,
): string {
  return `<path d="M${round(x1)} ${round(y1)}L${round(x2)} ${round(y2)}" class="${className}"/>`;
}

export function bar(x: number, y: number, width: number, height: number, name: string): string {
  return `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="2" class="${name}"/>`;
}

export function polyline(points: readonly (readonly [number, number])[], name: string): string {
  const path = points.map(([x, y]) => `${round(x)} ${round(y)}`).join('L');
  return `<path d="M${path}" class="${name}"/>`;
}

export const round = (value: number): number => Math.round(value * 10) / 10;

/** Powers of ten from at most `low` to at least `high`. */
export function decades(low: number, high: number): number[] {
  const first = Math.floor(Math.log10(low));
  const last = Math.max(first + 1, Math.ceil(Math.log10(high)));
  return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
}
