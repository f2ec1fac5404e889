import type { ConvNode, DenseNode, Tensor } from '../../graph.js';

/** The layer with gain · (W·x + b) + drive for each of its output channels. */
export function scaleRows<Node extends DenseNode | ConvNode>(
  node: Node,
  gain: Float64Array,
  drive: Float64Array,
): Node {
  const { weight, bias } = node;
  const inner = weight.data.length / weight.shape[0]!;
  const scaled: Tensor = {
    shape: weight.shape,
    data: weight.data.map((value, index) => value * gain[Math.floor(index / inner)]!),
  };
  if (bias === undefined && drive.every((value) => value === 0)) return { ...node, weight: scaled };
  const data = Float32Array.from(gain, (factor, channel) => {
    return factor * (bias?.data[channel] ?? 0) + drive[channel]!;
  });
  return { ...node, weight: scaled, bias: { shape: [data.length], data } };
}
