import fc from 'fast-check';
import { neuronRecipes, runRecipes } from './recipe.js';
import type {
  BranchRecipe,
  ConvRecipe,
  DelayRecipe,
  DenseRecipe,
  LayerRecipe,
  MoveRecipe,
  NeuronRecipe,
  PoolRecipe,
  Recipe,
  ScaleRecipe,
  ShapeRecipe,
} from './recipe.js';

const usually = fc.constantFrom(true, true, true, false);
/** Around the widths of vectors, and far from them. */
const channels = fc.constantFrom(2, 1, 3, 5, 8, 16, 17, 33);
const pairOf = (low: number, high: number): fc.Arbitrary<[number, number]> =>
  fc.tuple(fc.integer({ min: low, max: high }), fc.integer({ min: low, max: high }));

const edge = fc.integer({ min: 0, max: 2 });
const windowFields = {
  kernel: pairOf(1, 4),
  stride: pairOf(1, 3),
  dilation: pairOf(1, 2),
  padding: fc.tuple(edge, edge, edge, edge),
};

export const dense: fc.Arbitrary<DenseRecipe> = fc.record({
  layer: fc.constant('dense'),
  // Some fill more than one tile of units.
  channels: fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: 1, max: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom(65, 80, 96, 130) },
  ),
  bias: fc.boolean(),
  fires: fc.constant(true),
});

function convolution(layer: ConvRecipe['layer'], grouped: boolean): fc.Arbitrary<ConvRecipe> {
  return fc.record({
    layer: fc.constant(layer),
    ...windowFields,
    channels: grouped ? fc.oneof(channels, fc.constantFrom(66, 80)) : channels,
    bias: fc.boolean(),
    groups: grouped ? fc.integer({ min: 1, max: 3 }) : fc.constant(0),
    outputPadding: pairOf(0, 1),
    fires: usually,
  });
}

export const conv = convolution('conv', false);
export const groupedConv = convolution('conv', true);
export const convTranspose = fc.oneof(
  convolution('conv_transpose', false),
  convolution('conv_transpose', true),
);

export function pool(...modes: PoolRecipe['mode'][]): fc.Arbitrary<PoolRecipe> {
  return fc.record({
    layer: fc.constant('pool'),
    ...windowFields,
    mode: fc.constantFrom(...modes),
    whole: fc.constantFrom(false, false, false, true),
    ownStride: fc.boolean(),
    countPadding: fc.boolean(),
    spikes: fc.constantFrom('gated', 'gated', 'average'),
    fires: fc.boolean(),
  });
}

export const reshaping: fc.Arbitrary<ShapeRecipe> = fc.record({
  layer: fc.constantFrom('upsample', 'reshape', 'flatten'),
  scale: pairOf(1, 3),
});

export const scale: fc.Arbitrary<ScaleRecipe> = fc.record({
  layer: fc.constant('scale'),
  offset: fc.boolean(),
  fires: fc.boolean(),
});

export const moving: fc.Arbitrary<MoveRecipe> = fc.record({
  layer: fc.constantFrom('transpose', 'select', 'pad'),
  order: fc.nat({ max: 5 }),
  picks: fc.array(fc.nat({ max: 16 }), { minLength: 1, maxLength: 5 }),
  padding: fc.array(edge, { minLength: 6, maxLength: 6 }),
});

export function branch(layer: BranchRecipe['layer']): fc.Arbitrary<BranchRecipe> {
  return fc.record({
    layer: fc.constant(layer),
    axis: fc.integer({ min: 0, max: 2 }),
    channels,
    branchFires: fc.boolean(),
    fires: usually,
  });
}

export const delay: fc.Arbitrary<DelayRecipe> = fc.record({
  layer: fc.constantFrom('feedback', 'late'),
  delay: fc.constantFrom(1, 2, 3, 7),
});

export const flat = fc.integer({ min: 1, max: 40 }).map((size) => [size]);
export const lines = fc.tuple(channels, fc.integer({ min: 1, max: 12 }));
export const planes = fc.tuple(
  fc.constantFrom(1, 2, 3, 17),
  fc.integer({ min: 1, max: 7 }),
  fc.integer({ min: 1, max: 7 }),
);

/** Recipes of graphs whose layers are drawn from `layers`, in any order, or are given one by one. */
export function recipes(
  input: fc.Arbitrary<readonly number[]>,
  layers: fc.Arbitrary<readonly LayerRecipe[]>,
  neurons: fc.Arbitrary<NeuronRecipe> = neuronRecipes,
): fc.Arbitrary<Recipe> {
  return fc.record({
    input,
    layers,
    head: fc.constantFrom(0, 3, 17),
    accumulates: fc.boolean(),
    neurons,
    run: runRecipes,
    weightSeed: fc.nat(),
    onGrid: fc.boolean(),
  });
}

export function someOf(
  layer: fc.Arbitrary<LayerRecipe>,
  maxLength: number,
): fc.Arbitrary<LayerRecipe[]> {
  return fc.array(layer, { minLength: 1, maxLength });
}
