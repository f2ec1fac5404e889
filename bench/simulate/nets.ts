/** Sizes of the published networks. Neurons follow each layer but the last, whose sums are the result. */
export type LayerSpec =
  | { readonly kind: 'conv'; readonly channels: number; readonly kernel: number; stride: number }
  | { readonly kind: 'flatten' }
  | { readonly kind: 'dense'; readonly units: number };

export interface NetSpec {
  readonly input: readonly number[];
  readonly layers: readonly LayerSpec[];
}

const dense = (units: number): LayerSpec => ({ kind: 'dense', units });
const conv = (channels: number, kernel: number, stride: number): LayerSpec => ({
  kind: 'conv',
  channels,
  kernel,
  stride,
});

export const nets = {
  cartpole: { input: [4], layers: [dense(16), dense(16), dense(2)] },
  'cartpole-17': { input: [4], layers: [dense(17), dense(17), dense(2)] },
  patel: { input: [6400], layers: [dense(1000), dense(4)] },
  nature: {
    input: [4, 84, 84],
    layers: [
      conv(32, 8, 4),
      conv(64, 4, 2),
      conv(64, 3, 1),
      { kind: 'flatten' },
      dense(512),
      dense(4),
    ],
  },
} as const satisfies Record<string, NetSpec>;

export type NetName = keyof typeof nets;

export const elements = (shape: readonly number[]): number =>
  shape.reduce((product, size) => product * size, 1);
