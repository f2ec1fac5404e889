import { expect } from 'chai';
import { Bricks } from '../../ts/env/bricks.js';
import type { BricksOptions } from '../../ts/env/bricks.js';
import { Random } from '../../ts/env/random.js';
import { expectError } from '../formats/helpers/expect-error.js';

const [stay, left, right] = [0, 1, 2] as const;

/** A frame as text: `#` is 1, `+` the trail, `.` nothing. */
function drawn(observation: Float32Array, columns = 12): string[] {
  const cells = Array.from(observation, (value) => (value === 1 ? '#' : value > 0 ? '+' : '.'));
  const rows = observation.length / columns;
  return Array.from({ length: rows }, (_, r) =>
    cells.slice(r * columns, (r + 1) * columns).join(''),
  );
}

interface Places {
  readonly row: number;
  readonly column: number;
  readonly down?: 1 | -1;
  readonly toRight?: 1 | -1;
  readonly paddle?: number;
  readonly lives?: number;
  /** Bricks that are left, numbered row by row; all 18 if left out. */
  readonly bricks?: readonly number[];
}

function at({
  row,
  column,
  down = 1,
  toRight = 1,
  paddle = 4,
  lives = 3,
  bricks,
}: Places): number[] {
  const wall = Array.from({ length: 18 }, (_, k) => Number(bricks?.includes(k) ?? true));
  return [row, column, down, toRight, paddle, lives, ...wall];
}

function placed(places: Places, options: BricksOptions = {}): Bricks {
  const game = new Bricks(options);
  game.setState(at(places));
  return game;
}

/** Row, column, and where the ball flies. */
const ballOf = (game: Bricks): number[] => [...game.state.subarray(0, 4)];

describe('Bricks', () => {
  it('shows wall, paddle, ball and where the ball comes from', () => {
    const game = new Bricks();
    expect(game.observationSpace.shape).to.deep.equal([1, 12, 12]);
    const places = { row: 7, column: 3, paddle: 8, bricks: [0, 5, 6, 7, 17] };
    expect(drawn(game.setState(at(places)))).to.deep.equal([
      '............',
      '............',
      '##........##',
      '####........',
      '..........##',
      '............',
      '..+.........',
      '...#........',
      '............',
      '............',
      '............',
      '........####',
    ]);
    const plain = new Bricks({ trail: 0 });
    expect(drawn(plain.setState(at(places)))[6]).to.equal('............');
  });

  it('serves from below the wall, in any column and to either side, as the seed says', () => {
    const game = new Bricks();
    const served = Array.from({ length: 400 }, (_, seed) => {
      game.reset(seed);
      const [row, column, down, toRight] = ballOf(game);
      expect([row, down]).to.deep.equal([5, 1]);
      return `${column} ${toRight}`;
    });
    expect(new Set(served).size).to.equal(24);
    expect([...game.state.subarray(4)]).to.deep.equal([4, 3, ...new Array<number>(18).fill(1)]);
  });

  it('moves the paddle by a cell, and never out of the field', () => {
    const game = placed({ row: 6, column: 6, paddle: 1 });
    const after = [left, left, stay, right].map((action) => {
      game.step(action);
      return game.state[4];
    });
    expect(after).to.deep.equal([0, 0, 0, 1]);
    const other = placed({ row: 6, column: 6, paddle: 8 });
    other.step(right);
    expect(other.state[4]).to.equal(8);
  });

  it('lets the ball fly slantwise and bounce off the sides and the top', () => {
    const bricks = [17];
    const free = placed({ row: 6, column: 6, bricks });
    free.step(stay);
    expect(ballOf(free)).to.deep.equal([7, 7, 1, 1]);
    const side = placed({ row: 6, column: 11, bricks });
    side.step(stay);
    expect(ballOf(side)).to.deep.equal([7, 10, 1, -1]);
    const top = placed({ row: 0, column: 4, down: -1, toRight: -1, bricks });
    top.step(stay);
    expect(ballOf(top)).to.deep.equal([1, 3, 1, -1]);
    const corner = placed({ row: 0, column: 0, down: -1, toRight: -1, bricks });
    corner.step(stay);
    expect(ballOf(corner)).to.deep.equal([1, 1, 1, 1]);
  });

  it('turns back from a brick and breaks it for a reward of 1', () => {
    const game = placed({ row: 5, column: 6, down: -1 });
    const result = game.step(stay);
    expect(result).to.include({ reward: 1, terminated: false, lifeLost: false });
    expect(ballOf(game)).to.deep.equal([5, 6, 1, 1]);
    // The ball went for column 7, which belongs to the fourth brick of the lowest row.
    const broken = [...game.state.subarray(6)].flatMap((brick, k) => (brick === 0 ? [k] : []));
    expect(broken).to.deep.equal([15]);
    const above = placed({ row: 1, column: 2, bricks: [0, 1, 2] });
    expect(above.step(stay).reward).to.equal(1);
    expect(ballOf(above)).to.deep.equal([1, 2, -1, 1]);
  });

  it('ends when the last brick is broken', () => {
    const game = placed({ row: 5, column: 6, down: -1, bricks: [15] });
    expect(game.step(stay)).to.include({ reward: 1, terminated: true, lifeLost: false });
    expectError(() => game.step(stay), 'E_STATE', 'an episode that has ended');
  });

  it('sends the ball back from the paddle, to the side of the half that is hit', () => {
    for (const [column, toRight] of [
      [3, -1],
      [4, -1],
      [5, 1],
      [6, 1],
    ] as const) {
      const game = placed({ row: 10, column, paddle: 4 });
      expect(game.step(stay)).to.include({ reward: 0, terminated: false, lifeLost: false });
      expect(ballOf(game)).to.deep.equal([10, column + 1, -1, toRight]);
    }
  });

  it('moves the paddle before the ball arrives', () => {
    const caught = placed({ row: 10, column: 7, paddle: 4 });
    expect(caught.step(right).lifeLost).to.equal(false);
    const missed = placed({ row: 10, column: 7, paddle: 4 });
    expect(missed.step(stay).lifeLost).to.equal(true);
  });

  it('takes a life for a ball that is missed, serves another one, and ends with the last', () => {
    const game = placed({ row: 10, column: 0, paddle: 8, lives: 2, bricks: [3, 4] });
    expect(game.step(left)).to.include({ reward: 0, terminated: false, lifeLost: true });
    expect([...game.state.subarray(4, 6)]).to.deep.equal([7, 1]);
    expect(ballOf(game)[0]).to.equal(5);
    expect([...game.state.subarray(6)].filter((brick) => brick === 1)).to.have.length(2);
    const last = placed({ row: 10, column: 0, paddle: 8, lives: 1 });
    expect(last.step(left)).to.include({ reward: 0, terminated: true, lifeLost: true });
  });

  it('can be won, and is lost by chance', () => {
    const play = (choose: (game: Bricks) => number): number => {
      const game = new Bricks();
      let sum = 0;
      for (let seed = 0; seed < 100; seed += 1) {
        game.reset(seed);
        for (;;) {
          const { reward, terminated, truncated } = game.step(choose(game));
          sum += reward;
          if (terminated || truncated) break;
        }
      }
      return sum / 100;
    };
    const follow = ({ state }: Bricks): number => {
      const [, column = 0, , toRight = 0, paddle = 0] = state;
      return column + toRight < paddle + 1 ? left : column + toRight > paddle + 2 ? right : stay;
    };
    const random = new Random(1);
    expect(play(follow)).to.be.within(17, 18);
    expect(play(() => random.uint32() % 3)).to.be.within(1, 3);
  });

  it('comes in other sizes', () => {
    const game = new Bricks({ rows: 7, columns: 6, wall: 1, paddle: 2, lives: 1, maxSteps: 3 });
    const [wall, ball, paddle] = [2, 3, 6].map((row) => drawn(game.reset(0), 6)[row]);
    expect([wall!.replace('+', '#'), paddle]).to.deep.equal(['######', '..##..']);
    expect(ball).to.match(/#/);
    const flags = [stay, stay, stay].map((action) => game.step(action).truncated);
    expect(flags).to.deep.equal([false, false, true]);
  });

  it('refuses fields and states that cannot be', () => {
    const options: [BricksOptions, string][] = [
      [{ rows: 6 }, 'rows: expected a whole number from 7 to 84'],
      [{ columns: 7 }, 'columns: expected an even number'],
      [{ wall: 7 }, 'wall: expected a whole number from 1 to 6'],
      [{ paddle: 12 }, 'paddle'],
      [{ lives: 0 }, 'lives'],
      [{ trail: 1.5 }, 'trail: expected a number from 0 to 1'],
      [{ maxSteps: 0 }, 'maxSteps'],
    ];
    for (const [wrong, message] of options)
      expectError(() => new Bricks(wrong), 'E_RANGE', message);
    expectError(() => new Bricks({ width: 3 } as object), 'E_ARGUMENT', "received 'width'");
    const states: [Places, string][] = [
      [{ row: 11, column: 0 }, 'state[0], ball row: expected a whole number from 0 to 10'],
      [{ row: 3, column: 0.5 }, 'state[1], ball column'],
      [{ row: 3, column: 3, down: 0 as 1 }, 'state[2], direction of the ball'],
      [{ row: 3, column: 3, paddle: 9 }, 'state[4], paddle'],
      [{ row: 3, column: 3, lives: 4 }, 'state[5], lives'],
    ];
    for (const [wrong, message] of states) expectError(() => placed(wrong), 'E_RANGE', message);
    const half = at({ row: 3, column: 3 });
    half[20] = 0.5;
    expectError(() => new Bricks().setState(half), 'E_RANGE', 'state[20], a brick');
  });
});
