import { expect } from 'chai';
import { Acrobot } from '../../ts/env/acrobot.js';
import { Bricks } from '../../ts/env/bricks.js';
import { CartPole, cartPoleRules } from '../../ts/env/cart-pole.js';
import { Canvas, colours } from '../../ts/env/draw/canvas.js';
import type { Frame } from '../../ts/env/env.js';
import { MountainCar } from '../../ts/env/mountain-car.js';
import { environmentNames, makeEnvironment } from '../../ts/env/registry.js';
import { RuledEnvironment } from '../../ts/env/ruled.js';
import type { Rules } from '../../ts/env/rules.js';
import { expectError } from '../formats/helpers/expect-error.js';

type Mutable<T> = { -readonly [name in keyof T]: T[name] };
type Rgb = readonly [number, number, number];

function pixel({ width, data }: Frame, x: number, y: number): number[] {
  const at = (Math.floor(y) * width + Math.floor(x)) * 3;
  return [...data.subarray(at, at + 3)];
}

/** Mean place of all pixels of exactly this colour. */
function centreOf({ width, height, data }: Frame, colour: Rgb): [number, number, number] {
  let [count, sumX, sumY] = [0, 0, 0];
  for (let at = 0; at < width * height; at += 1) {
    if (colour.some((part, k) => data[at * 3 + k] !== part)) continue;
    count += 1;
    sumX += (at % width) + 0.5;
    sumY += Math.floor(at / width) + 0.5;
  }
  return [sumX / count, sumY / count, count];
}

describe('render', () => {
  for (const name of environmentNames) {
    it(`draws ${name}: the same state alike, another one otherwise`, () => {
      const environment = makeEnvironment(name)();
      expectError(() => environment.render!(), 'E_STATE', 'render: expected an episode');
      environment.reset(4);
      const first = environment.render!();
      expect(first.data).to.have.length(first.width * first.height * 3);
      expect(environment.render!().data).to.deep.equal(first.data);
      for (let step = 0; step < 5; step += 1) environment.step(0);
      expect(environment.render!().data).to.not.deep.equal(first.data);
      environment.reset(4);
      expect(environment.render!().data).to.deep.equal(first.data);
    });
  }

  it('shows where the cart is and how the pole leans', () => {
    const pole = new CartPole();
    const drawn = (...state: number[]): Frame => {
      pole.setState(state);
      return pole.render!();
    };
    const [upright] = centreOf(drawn(0, 0, 0, 0), colours.orange);
    expect(upright).to.be.closeTo(150, 0.01);
    const [moved, , size] = centreOf(drawn(1.2, 0, 0, 0), colours.ink);
    expect(moved).to.be.closeTo(150 + 1.2 * (300 / 9.6), 1);
    // 40 × 20 pixels but for the end of the pole.
    expect(size).to.be.within(700, 800);
    const [left] = centreOf(drawn(0, 0, -0.2, 0), colours.orange);
    expect(left).to.be.closeTo(150 - 50 * Math.sin(0.2), 2);
  });

  it('puts the car on the ground where it is', () => {
    const car = new MountainCar();
    const centre = (position: number): readonly number[] => {
      car.setState([position, 0]);
      return centreOf(car.render!(), colours.blue);
    };
    const [valley, low] = centre(-Math.PI / 6);
    expect(valley).to.be.closeTo((1.2 - Math.PI / 6) * (300 / 1.8), 1);
    const [, high] = centre(0.4);
    expect(low! - high!).to.be.above(80);
  });

  it('hangs the links as they hang', () => {
    const acrobot = new Acrobot();
    const metre = 240 / 4.4;
    acrobot.setState([0, 0, 0, 0]);
    const hanging = acrobot.render!();
    expect(pixel(hanging, 120, 120 + metre / 2)).to.deep.equal([...colours.blue]);
    expect(pixel(hanging, 120, 120 + metre * 1.6)).to.deep.equal([...colours.orange]);
    acrobot.setState([Math.PI / 2, Math.PI / 2, 0, 0]);
    const bent = acrobot.render!();
    expect(pixel(bent, 120 + metre / 2, 120)).to.deep.equal([...colours.blue]);
    expect(pixel(bent, 120 + metre, 120 - metre * 0.6)).to.deep.equal([...colours.orange]);
  });

  it('draws bricks that are left, paddle and ball', () => {
    const game = new Bricks();
    game.setState([7, 3, 1, 1, 8, 3, ...Array.from({ length: 18 }, (_, k) => Number(k !== 1))]);
    const frame = game.render!();
    expect([frame.width, frame.height]).to.deep.equal([192, 192]);
    expect(pixel(frame, 8, 2 * 16 + 8)).to.deep.equal([...colours.yellow]);
    expect(pixel(frame, 2 * 16 + 8, 2 * 16 + 8)).to.deep.equal([...colours.ink]);
    const [x, y] = centreOf(frame, colours.paper);
    expect([x, y]).to.deep.equal([3.5 * 16, 7.5 * 16]);
    expect(pixel(frame, 9 * 16, 11 * 16 + 8)).to.deep.equal([...colours.ground]);
  });

  it('cannot draw what rules do not draw', () => {
    const blind: Partial<Mutable<Rules>> = { ...cartPoleRules };
    delete blind.draw;
    expect(new RuledEnvironment(blind as Rules).render).to.equal(undefined);
  });
});

describe('canvas', () => {
  it('covers pixels by their share, and nothing outside', () => {
    const canvas = new Canvas(4, 2, [0, 0, 0]);
    canvas.rectangle([0.5, -3], [2, 1.25], [200, 100, 0]);
    const row = (y: number) => [0, 1, 2, 3].map((x) => pixel(canvas, x, y)[0]);
    expect(row(0)).to.deep.equal([100, 200, 0, 0]);
    expect(row(1)).to.deep.equal([25, 50, 0, 0]);
    const line = new Canvas(9, 9);
    line.line([-5, 4.5], [20, 4.5], 1, [0, 0, 0]);
    expect([pixel(line, 0, 4), pixel(line, 8, 4), pixel(line, 4, 5)]).to.deep.equal([
      [0, 0, 0],
      [0, 0, 0],
      [255, 255, 255],
    ]);
  });

  it('fills a disc with about its area', () => {
    const canvas = new Canvas(40, 40, [0, 0, 0]);
    canvas.disc([20.3, 19.6], 11.5, [255, 0, 0]);
    const area = canvas.data.reduce((sum, value) => sum + value, 0) / 255;
    expect(area).to.be.closeTo(Math.PI * 11.5 ** 2, 2);
  });

  it('fills what lies below a line', () => {
    const canvas = new Canvas(10, 10, [0, 0, 0]);
    canvas.below((x) => x, [100, 0, 0]);
    const area = canvas.data.reduce((sum, value) => sum + value, 0) / 100;
    expect(area).to.be.closeTo(50, 0.5);
  });
});
