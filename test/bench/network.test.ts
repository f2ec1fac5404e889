import { expect } from 'chai';
import { checkActivity, scaleToActivity } from '../../bench/simulate/activity.js';
import { drawLayers } from '../../bench/simulate/network.js';
import type { WeightedLayer } from '../../bench/simulate/network.js';
import { nets } from '../../bench/simulate/nets.js';
import { Random } from '../../ts/env/random.js';

const draw = (net: keyof typeof nets, seed = 1) => drawLayers(nets[net], new Random(seed));

describe('bench: networks', () => {
  it('have the published shapes', () => {
    expect(draw('nature').map(({ shape }) => shape)).to.deep.equal([
      [32, 20, 20],
      [64, 9, 9],
      [64, 7, 7],
      [3136],
      [512],
      [4],
    ]);
    expect(draw('patel').map(({ weight }) => weight?.shape)).to.deep.equal([
      [1000, 6400],
      [4, 1000],
    ]);
  });

  it('are drawn as torch does, uniform in ±1/√fan_in, the same for the same seed', () => {
    const [conv] = draw('nature') as [WeightedLayer];
    const largest = Math.max(...conv.weight!.data, ...conv.bias!.data);
    expect(largest)
      .to.be.at.most(1 / 16)
      .and.greaterThan(0.95 / 16);
    expect(draw('cartpole')).to.deep.equal(draw('cartpole'));
    expect(draw('cartpole', 2)).not.to.deep.equal(draw('cartpole'));
  });

  it('are scaled layer by layer to an activity, the read-out left alone', () => {
    const drawn = draw('cartpole');
    const largest = ({ weight }: WeightedLayer): number => Math.max(...weight!.data);
    // Activity as a rising function of a layer's own scale and of the one before.
    const measure = (layers: readonly WeightedLayer[]): number[] => {
      const [first, second] = layers.map(largest) as [number, number];
      return [first / 10, (first * second) / 10];
    };
    const scaled = scaleToActivity(drawn, 0.15, measure);
    measure(scaled).forEach((activity) => expect(activity).to.be.closeTo(0.15, 0.005));
    expect(scaled[2]).to.equal(drawn[2]);
    const factor = scaled[0]!.weight!.data[0]! / drawn[0]!.weight!.data[0]!;
    expect(scaled[0]!.bias!.data[0]! / drawn[0]!.bias!.data[0]!).to.be.closeTo(factor, 1e-5);
  });

  it('are refused where their mean activity, by units, is another one', () => {
    expect(() => checkActivity([0.1, 0.2], [100, 100], 0.15)).not.to.throw();
    expect(() => checkActivity([0.1, 0.2], [300, 100], 0.15)).to.throw('0.125');
  });
});
