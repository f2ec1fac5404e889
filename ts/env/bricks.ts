import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import { drawBricks } from './draw/bricks.js';
import type { Frame } from './env.js';
import type { Random } from './random.js';
import type { Outcome, Rules } from './rules.js';
import { RuledEnvironment } from './ruled.js';
import { Vectorised } from './vectorise.js';

export interface BricksOptions {
  /** Steps after which an episode is truncated (default 500). */
  readonly maxSteps?: number;
  /** Of the field: 7 to 84 rows, 6 to 84 columns, an even number of them (default 12 each). */
  readonly rows?: number;
  readonly columns?: number;
  /** Rows of bricks below the two that stay free (default 3). */
  readonly wall?: number;
  /** Cells of the paddle (default 4). */
  readonly paddle?: number;
  /** Balls (default 3). */
  readonly lives?: number;
  /** Brightness of the cell behind the ball, so that one frame shows where it flies (default 0.5; 0 hides it). */
  readonly trail?: number;
}

const defaults = { rows: 12, columns: 12, wall: 3, paddle: 4, lives: 3, trail: 0.5 };
const mostSteps = 500;
const freeRows = 2;
const brickWidth = 2;

/** Where things stand in a state; behind them 1 for each brick that is left, row by row. */
const ball = { row: 0, column: 1, down: 2, right: 3 } as const;
const paddleAt = 4;
const livesAt = 5;
const bricksAt = 6;

const nothing: Outcome = { reward: 0, terminated: false };
const brickBroken: Outcome = { reward: 1, terminated: false };
const lastBrickBroken: Outcome = { reward: 1, terminated: true };
const ballLost: Outcome = { reward: 0, terminated: false, lifeLost: true };
const lastBallLost: Outcome = { reward: 0, terminated: true, lifeLost: true };

type Field = typeof defaults;

/** A ball, a paddle and a wall of bricks on a small field; docs/environments.md has the rules in full. */
export function bricksRules(options: Omit<BricksOptions, 'maxSteps'> = {}): Rules {
  const field = readField(options);
  const { rows, columns, wall } = field;
  const stateSize = bricksAt + (wall * columns) / brickWidth;
  const size = rows * columns;
  return {
    name: 'Bricks',
    stateSize,
    maxSteps: mostSteps,
    observationSpace: {
      kind: 'box',
      size,
      shape: [1, rows, columns],
      low: new Array<number>(size).fill(0),
      high: new Array<number>(size).fill(1),
    },
    actionSpace: { kind: 'discrete', count: 3, names: ['stay', 'left', 'right'] },

    begin(state, random) {
      state.fill(1, bricksAt);
      state[paddleAt] = Math.floor((columns - field.paddle) / 2);
      state[livesAt] = field.lives;
      serve(state, field, random);
    },

    advance: (state, action, random) => advance(state, action, random, field),

    observe: (state, into) => observe(state, into, field),
    draw: (state) => draw(state, field),
    check: (state) => checkPlaces(state, field),
  };
}

function observe(state: Float64Array, into: Float32Array, field: Field): void {
  const { rows, columns, wall, trail } = field;
  const bricks = (wall * columns) / brickWidth;
  into.fill(0);
  for (let brick = 0; brick < bricks; brick += 1) {
    const at = freeRows * columns + brick * brickWidth;
    into.fill(state[bricksAt + brick]!, at, at + brickWidth);
  }
  const paddle = (rows - 1) * columns + state[paddleAt]!;
  into.fill(1, paddle, paddle + field.paddle);
  const [row, column] = [state[ball.row]!, state[ball.column]!];
  const [rowBehind, columnBehind] = [row - state[ball.down]!, column - state[ball.right]!];
  const inside = rowBehind >= 0 && columnBehind >= 0 && columnBehind < columns;
  if (trail > 0 && inside) into[rowBehind * columns + columnBehind] = trail;
  into[row * columns + column] = 1;
}

function draw(state: Float64Array, { rows, columns, paddle }: Field): Frame {
  const bricksInRow = columns / brickWidth;
  const bricks = [...state.subarray(bricksAt)].flatMap((left, k) => {
    const row = freeRows + Math.floor(k / bricksInRow);
    return left === 1 ? [{ row, column: (k % bricksInRow) * brickWidth }] : [];
  });
  return drawBricks({
    rows,
    columns,
    bricks,
    paddle: { column: state[paddleAt]!, length: paddle },
    ball: { row: state[ball.row]!, column: state[ball.column]! },
  });
}

/** A ball falls from below the wall, in a random column and to a random side. */
function serve(state: Float64Array, { columns, wall }: Field, random: Random): void {
  const row = freeRows + wall;
  const column = Math.floor(random.uniform(0, columns));
  const right = random.uniform(0, 1) < 0.5 ? -1 : 1;
  state.set([row, column, 1, right]);
}

function advance(state: Float64Array, action: number, random: Random, field: Field): Outcome {
  const { rows, columns, wall } = field;
  const paddle = state[paddleAt]! + (action === 1 ? -1 : action === 2 ? 1 : 0);
  state[paddleAt] = Math.min(Math.max(paddle, 0), columns - field.paddle);
  const [row, column] = [state[ball.row]!, state[ball.column]!];
  if (column + state[ball.right]! < 0 || column + state[ball.right]! >= columns) {
    state[ball.right] = -state[ball.right]!;
  }
  if (row + state[ball.down]! < 0) state[ball.down] = 1;
  const nextRow = row + state[ball.down]!;
  const nextColumn = column + state[ball.right]!;

  const inWall = nextRow - freeRows;
  const brick = bricksAt + inWall * (columns / brickWidth) + Math.floor(nextColumn / brickWidth);
  if (inWall >= 0 && inWall < wall && state[brick] === 1) {
    // The ball turns back from where it is: breaking the brick takes it the step.
    state[brick] = 0;
    state[ball.down] = -state[ball.down]!;
    return state.includes(1, bricksAt) ? brickBroken : lastBrickBroken;
  }
  if (nextRow < rows - 1) {
    state[ball.row] = nextRow;
    state[ball.column] = nextColumn;
    return nothing;
  }
  const hit = nextColumn - state[paddleAt];
  if (hit >= 0 && hit < field.paddle) {
    // The half of the paddle that is hit decides where the ball flies.
    state[ball.column] = nextColumn;
    state[ball.down] = -1;
    state[ball.right] = hit < field.paddle / 2 ? -1 : 1;
    return nothing;
  }
  state[livesAt] = state[livesAt]! - 1;
  if (state[livesAt] > 0) {
    serve(state, field, random);
    return ballLost;
  }
  state[ball.row] = nextRow;
  state[ball.column] = nextColumn;
  return lastBallLost;
}

function readField(options: Omit<BricksOptions, 'maxSteps'>): Field {
  checkNames(options, Object.keys(defaults), 'Bricks option');
  const field = { ...defaults, ...options };
  const { rows, columns, trail } = field;
  const limits: [keyof Field, number, number][] = [
    ['rows', 7, 84],
    ['columns', 6, 84],
    // Three rows are left for the ball to fall through, and one for the paddle.
    ['wall', 1, rows - freeRows - 4],
    ['paddle', 1, columns - 1],
    ['lives', 1, 1000],
  ];
  for (const [name, low, high] of limits) {
    const value = field[name];
    if (Number.isInteger(value) && value >= low && value <= high) continue;
    throw mismatch('E_RANGE', name, `a whole number from ${low} to ${high}`, value);
  }
  if (columns % brickWidth !== 0) {
    throw mismatch(
      'E_RANGE',
      'columns',
      'an even number, since bricks are two cells wide',
      columns,
    );
  }
  if (!(trail >= 0 && trail <= 1))
    throw mismatch('E_RANGE', 'trail', 'a number from 0 to 1', trail);
  return field;
}

function checkPlaces(state: ArrayLike<number>, field: Field): void {
  const { rows, columns } = field;
  const limits: [name: string, at: number, permitted: readonly number[]][] = [
    ['ball row', ball.row, [0, rows - 2]],
    ['ball column', ball.column, [0, columns - 1]],
    ['paddle', paddleAt, [0, columns - field.paddle]],
    ['lives', livesAt, [1, field.lives]],
  ];
  for (const [name, at, [low, high]] of limits) {
    const value = state[at]!;
    if (Number.isInteger(value) && value >= low! && value <= high!) continue;
    throw mismatch(
      'E_RANGE',
      `state[${at}], ${name}`,
      `a whole number from ${low!} to ${high!}`,
      value,
    );
  }
  for (const at of [ball.down, ball.right]) {
    if (Math.abs(state[at]!) === 1) continue;
    throw mismatch('E_RANGE', `state[${at}], direction of the ball`, '−1 or 1', state[at]);
  }
  for (let at = bricksAt; at < state.length; at += 1) {
    if (state[at] === 0 || state[at] === 1) continue;
    throw mismatch('E_RANGE', `state[${at}], a brick`, '0 or 1', state[at]);
  }
}

/** A pixel game with Breakout-like rules, small enough that networks with convolutions learn it in a minute. */
export class Bricks extends RuledEnvironment {
  constructor({ maxSteps, ...field }: BricksOptions = {}) {
    super(bricksRules(field), maxSteps === undefined ? {} : { maxSteps });
  }
}

export class VectorBricks extends Vectorised {
  constructor(count: number, options: BricksOptions = {}) {
    super(() => new Bricks(options), count);
  }
}
