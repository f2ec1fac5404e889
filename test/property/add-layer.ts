import { elementCount } from '../reference/value.js';
import type { End, GraphBuilder } from './graph-builder.js';
import type {
  ConvRecipe,
  LayerRecipe,
  MoveRecipe,
  PoolRecipe,
  ScaleRecipe,
  WindowRecipe,
} from './recipe.js';

/** Appends what a layer's recipe asks for behind `from`, as near to it as the shape permits. */
export function addLayer(builder: GraphBuilder, recipe: LayerRecipe, from: End): End {
  switch (recipe.layer) {
    case 'dense':
      return builder.neuronsIf(recipe.fires, addDense(builder, from, recipe.channels, recipe.bias));
    case 'conv':
    case 'conv_transpose':
      return builder.neuronsIf(recipe.fires, addConv(builder, recipe, spatial(builder, from)));
    case 'pool':
      return builder.neuronsIf(recipe.fires, addPool(builder, recipe, spatial(builder, from)));
    case 'flatten':
      return builder.add({ kind: 'flatten' }, [from]);
    case 'reshape':
      return builder.add({ kind: 'reshape', shape: otherShape(from.shape) }, [from]);
    case 'upsample': {
      const at = spatial(builder, from);
      return builder.add({ kind: 'upsample', scale: cut(recipe.scale, at) }, [at]);
    }
    case 'scale':
      return builder.neuronsIf(recipe.fires, addScale(builder, recipe, from));
    case 'transpose':
    case 'select':
    case 'pad':
      return addMove(builder, recipe, from);
    case 'residual': {
      const at = spatial(builder, from);
      const branch = builder.neuronsIf(recipe.branchFires, sameSize(builder, at, at.shape[0]!));
      return builder.neuronsIf(recipe.fires, builder.add({ kind: 'add' }, [branch, at]));
    }
    case 'concat': {
      const at = spatial(builder, from);
      const axis = Math.min(recipe.axis, at.shape.length - 1);
      const channels = axis === 0 ? recipe.channels : at.shape[0]!;
      const branch = builder.neuronsIf(recipe.branchFires, sameSize(builder, at, channels));
      return builder.add({ kind: 'concat', axis }, [at, branch]);
    }
    case 'feedback': {
      const sum = builder.add({ kind: 'add' }, [from]);
      const fired = builder.neurons(sum);
      builder.delayed(fired, sum, recipe.delay);
      return fired;
    }
    case 'late': {
      const at = spatial(builder, from);
      const sum = builder.add({ kind: 'add' }, [sameSize(builder, at, at.shape[0]!)]);
      builder.delayed(at, sum, recipe.delay);
      return builder.neurons(sum);
    }
  }
}

function addScale(builder: GraphBuilder, { offset }: ScaleRecipe, from: End): End {
  const channels = from.shape[0]!;
  const factor = builder.weights.factors(channels);
  const added = offset ? { offset: builder.weights.bias(channels) } : {};
  return builder.add({ kind: 'scale', factor, ...added }, [from]);
}

function addMove(
  builder: GraphBuilder,
  { layer, order, picks, padding }: MoveRecipe,
  from: End,
): End {
  const rank = from.shape.length;
  const axis = order % rank;
  switch (layer) {
    case 'transpose': {
      const turned = from.shape.map((_, d) => (d + axis) % rank);
      return builder.add({ kind: 'transpose', axes: order < 3 ? turned : turned.reverse() }, [
        from,
      ]);
    }
    case 'select': {
      const indices = picks.map((pick) => pick % from.shape[axis]!);
      return builder.add({ kind: 'select', axis, indices }, [from]);
    }
    case 'pad': {
      const sizes = [...padding.slice(0, rank), ...padding.slice(3, 3 + rank)];
      return builder.add({ kind: 'pad', padding: sizes }, [from]);
    }
  }
}

export function addDense(builder: GraphBuilder, from: End, units: number, bias: boolean): End {
  const at = from.shape.length === 1 ? from : builder.add({ kind: 'flatten' }, [from]);
  const inputs = at.shape[0]!;
  return builder.add(
    {
      kind: 'dense',
      weight: builder.weights.weight([units, inputs], inputs),
      ...(bias ? { bias: builder.weights.bias(units) } : {}),
    },
    [at],
  );
}

/** Windows need channels and one or two dimensions: what is flat becomes a line. */
function spatial(builder: GraphBuilder, from: End): End {
  if (from.shape.length > 1) return from;
  return builder.add({ kind: 'reshape', shape: otherShape(from.shape) }, [from]);
}

function otherShape(shape: readonly number[]): number[] {
  const count = elementCount(shape);
  const channels = [3, 2].find((divisor) => count % divisor === 0) ?? 1;
  return [channels, count / channels];
}

/** As many of a pair as there are spatial dimensions. */
function cut(pair: readonly [number, number], { shape }: End): number[] {
  return pair.slice(0, shape.length - 1);
}

/** A convolution that keeps the extent. */
function sameSize(builder: GraphBuilder, from: End, channels: number): End {
  const ones = from.shape.slice(1).map(() => 1);
  const inputs = from.shape[0]!;
  const kernel = ones.map(() => 3);
  const weight = builder.weights.weight(
    [channels, inputs, ...kernel],
    inputs * elementCount(kernel),
  );
  return builder.add({ kind: 'conv', weight, padding: [...ones, ...ones] }, [from]);
}

function addConv(builder: GraphBuilder, recipe: ConvRecipe, from: End): End {
  const inputs = from.shape[0]!;
  const divisors = [...Array(inputs).keys()].map((i) => i + 1).filter((d) => inputs % d === 0);
  const depthwise = divisors.length - 1;
  const groups = divisors[recipe.groups === 3 ? depthwise : Math.min(recipe.groups, depthwise)]!;
  const channels = Math.ceil(recipe.channels / groups) * groups;
  const transposes = recipe.layer === 'conv_transpose';
  const { kernel, ...window } = transposes ? spreadWindow(recipe, from) : fitted(recipe, from);
  const shape = transposes ? [inputs, channels / groups] : [channels, inputs / groups];
  const weight = builder.weights.weight(
    [...shape, ...kernel],
    (inputs / groups) * elementCount(kernel),
  );
  const bias = recipe.bias ? { bias: builder.weights.bias(channels) } : {};
  return builder.add({ kind: recipe.layer, weight, ...bias, groups, ...window }, [from]);
}

interface Fitted {
  readonly kernel: number[];
  readonly stride: number[];
  readonly dilation: number[];
  readonly padding: number[];
}

/** The window with its kernel cut to the room there is. */
function fitted(recipe: WindowRecipe, from: End): Fitted {
  const padding = paddingOf(recipe, from, () => Infinity);
  const dilation = cut(recipe.dilation, from);
  const kernel = cut(recipe.kernel, from).map((size, d) => {
    const room = from.shape[d + 1]! + padding[d]! + padding[dilation.length + d]!;
    return Math.min(size, Math.floor((room - 1) / dilation[d]!) + 1);
  });
  return { kernel, stride: cut(recipe.stride, from), dilation, padding };
}

/** A transposed window may cut off no more than it spreads a single input to, less one. */
function spreadWindow(recipe: ConvRecipe, from: End): Fitted & { outputPadding: number[] } {
  const [kernel, stride] = [cut(recipe.kernel, from), cut(recipe.stride, from)];
  const dilation = cut(recipe.dilation, from);
  const padding = paddingOf(recipe, from, (d) => (dilation[d]! * (kernel[d]! - 1)) / 2);
  const outputPadding = cut(recipe.outputPadding, from).map((size, d) =>
    Math.min(size, Math.max(stride[d]!, dilation[d]!) - 1),
  );
  return { kernel, stride, dilation, padding, outputPadding };
}

function paddingOf(recipe: WindowRecipe, from: End, most: (d: number) => number): number[] {
  const [top, left, bottom, right] = recipe.padding;
  const ends = [...cut([top, left], from), ...cut([bottom, right], from)];
  return ends.map((size, i) => Math.min(size, Math.floor(most(i % (ends.length / 2)))));
}

function addPool(builder: GraphBuilder, recipe: PoolRecipe, from: End): End {
  const { mode, whole, ownStride, countPadding, spikes } = recipe;
  const node = { kind: 'pool', mode, countPadding, spikes } as const;
  if (whole) return builder.add(node, [from]);
  const { kernel, stride, dilation } = fitted({ ...recipe, padding: [0, 0, 0, 0] }, from);
  const padding = paddingOf(recipe, from, (d) => dilation[d]! * (kernel[d]! - 1));
  const strides = ownStride ? { stride } : {};
  return builder.add({ ...node, kernel, dilation, padding, ...strides }, [from]);
}
