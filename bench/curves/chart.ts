import { line, polyline, svgDocument, text } from '../svg.js';
import type { CurveResult } from './measure.js';

const panel = { width: 340, height: 230 };
const plot = { left: 48, right: 324, top: 34, bottom: 176 };
const columns = 2;

/** A panel for each quantity; costs as a share of the largest of their curve, so that networks can be compared. */
export function curveChart(results: readonly CurveResult[], where: string): string {
  const kinds = [...new Set(results.map(({ against }) => against))];
  const parts = kinds.flatMap((against, index) => {
    const [x, y] = [(index % columns) * panel.width, Math.floor(index / columns) * panel.height];
    const mine = results.filter((result) => result.against === against);
    return [`<g transform="translate(${x} ${y + 44})">`, ...drawPanel(against, mine), '</g>'];
  });
  const height = 44 + Math.ceil(kinds.length / columns) * panel.height;
  const title = 'Cost of a call, as a share of the largest';
  return svgDocument(columns * panel.width, height, title, [
    text(16, 22, title),
    text(16, 38, `Dashed: in proportion. ${where}`, 'soft'),
    ...parts,
  ]);
}

function drawPanel(against: string, results: readonly CurveResult[]): string[] {
  const mostX = Math.max(...results.flatMap(({ points }) => points.map(([x]) => x)));
  const px = (x: number): number => plot.left + (x / mostX) * (plot.right - plot.left);
  const py = (y: number): number => plot.bottom - y * (plot.bottom - plot.top);
  const xs = results[0]!.points.map(([x]) => x).filter((x) => x === 0 || x >= mostX / 8);
  return [
    text(plot.left, plot.top - 12, against),
    ...[0, 0.5, 1].flatMap((share) => [
      line([plot.left, py(share)], [plot.right, py(share)], 'grid'),
      text(plot.left - 8, py(share) + 4, String(share), 'soft right'),
    ]),
    ...xs.map((x) => text(px(x), plot.bottom + 18, String(x), 'soft middle')),
    ...(results[0]!.expected === 'line' ? [line([px(0), py(0)], [px(mostX), py(1)], 'ideal')] : []),
    ...results.flatMap(({ name, points }, series) => {
      const most = Math.max(...points.map(([, seconds]) => seconds));
      const drawn = points.map(([x, seconds]) => [px(x), py(seconds / most)] as const);
      const label = [plot.left + series * 96, plot.bottom + 38] as const;
      return [
        polyline(drawn, `line series${series}`),
        line([label[0], label[1] - 4], [label[0] + 18, label[1] - 4], `line series${series}`),
        text(label[0] + 22, label[1], results.length > 1 ? name.split(',')[0]! : name, 'soft'),
      ];
    }),
  ];
}
