import type { ConvNode, ConvTransposeNode, DenseNode } from '../../ts/graph.js';
import { asPair, asPlane, indexIn, isInside, paddingBefore, positions } from './plane.js';
import { slid, spreading } from './plane.js';
import type { Pair, PlaneWindow } from './plane.js';
import { Connections } from './weighted-sum.js';

type Shape = readonly number[];

export function denseConnections({ weight, bias }: DenseNode): Connections {
  const connections = new Connections();
  const [units, inputs] = weight.shape as [number, number];
  for (let unit = 0; unit < units; unit += 1) {
    for (let input = 0; input < inputs; input += 1)
      connections.add(input, weight.data[unit * inputs + input]!);
    connections.endUnit(bias, unit);
  }
  return connections;
}

/** `weight` is [out, in / groups, kernel…]. */
export function convConnections(node: ConvNode, input: Shape, output: Shape): Connections {
  const { window, taps, channels } = geometry(node);
  return overPlane(node, input, output, {
    taps,
    inputAt: (position, tap) => slid(window, position, tap),
    weightAt: (source, target, { groupIn }, tap) =>
      (target * channels + (source % groupIn)) * taps.length + tap,
  });
}

/** `weight` is [in, out / groups, kernel…]. */
export function transposeConnections(
  node: ConvTransposeNode,
  input: Shape,
  output: Shape,
): Connections {
  const { window, taps, channels } = geometry(node);
  return overPlane(node, input, output, {
    taps,
    inputAt: (position, tap) => spreading(window, position, tap),
    weightAt: (source, target, { groupOut }, tap) =>
      (source * channels + (target % groupOut)) * taps.length + tap,
  });
}

interface Groups {
  readonly groupIn: number;
  readonly groupOut: number;
}

interface Reach {
  readonly taps: readonly Pair[];
  /** The input position behind an output position and a tap; fractional where there is none. */
  readonly inputAt: (position: Pair, tap: Pair) => Pair;
  readonly weightAt: (source: number, target: number, groups: Groups, tap: number) => number;
}

/** Kernel rows, kernel columns, then input channels; groups see their own channels only. */
function overPlane(
  { weight, bias, groups = 1 }: ConvNode | ConvTransposeNode,
  inputShape: Shape,
  outputShape: Shape,
  { taps, inputAt, weightAt }: Reach,
): Connections {
  const connections = new Connections();
  const [input, output] = [asPlane(inputShape), asPlane(outputShape)];
  const sizes = { groupIn: input.channels / groups, groupOut: output.channels / groups };
  for (let target = 0; target < output.channels; target += 1) {
    const firstSource = Math.floor(target / sizes.groupOut) * sizes.groupIn;
    for (const position of positions(output.size)) {
      taps.forEach((tap, t) => {
        const from = inputAt(position, tap);
        if (!from.every(Number.isInteger) || !isInside(from, input.size)) return;
        for (let source = firstSource; source < firstSource + sizes.groupIn; source += 1) {
          const value = weight.data[weightAt(source, target, sizes, t)]!;
          connections.add(indexIn(input, source, from), value);
        }
      });
      connections.endUnit(bias, target);
    }
  }
  return connections;
}

interface Geometry {
  readonly window: PlaneWindow;
  readonly taps: readonly Pair[];
  /** The second dimension of `weight`. */
  readonly channels: number;
}

function geometry({ weight, stride, dilation, padding }: ConvNode | ConvTransposeNode): Geometry {
  const [, channels, ...sizes] = weight.shape;
  const kernel = asPair(sizes, 1);
  const window = {
    kernel,
    stride: asPair(stride, 1),
    dilation: asPair(dilation, 1),
    before: paddingBefore(padding),
  };
  return { window, taps: positions(kernel), channels: channels! };
}
