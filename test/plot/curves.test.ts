import { expect } from 'chai';
import { learningCurves } from '../../ts/plot/index.js';
import type { CurveSource } from '../../ts/plot/index.js';
import { parseCsv } from '../../ts/run/index.js';
import { expectError } from '../formats/helpers/expect-error.js';

const source = (group: string, text: string): CurveSource => ({
  group,
  file: `${group}.csv`,
  table: parseCsv(text, `${group}.csv`),
});
const phased = (group: string, rows: readonly string[]): CurveSource =>
  source(group, `epoch,phase,average_reward,meanq\n${rows.join('\n')}\n`);
const played = (group: string, returns: readonly number[], steps = 10): CurveSource =>
  source(
    group,
    `episode,steps,return,total_steps\n${returns
      .map((value, k) => `${k + 1},${steps},${value},${(k + 1) * steps}\n`)
      .join('')}`,
  );

describe('learning curves', () => {
  it('are the mean of a group with a band from its lowest to its highest run', () => {
    const runs = [played('a', [1, 2, 3]), played('a', [3, 6, 9]), played('a', [2, 1, 3])];
    const { panels, x } = learningCurves(runs);
    expect(x).to.equal('episode');
    expect(panels).to.deep.equal([
      {
        field: 'return',
        curves: [
          {
            group: 'a',
            phase: undefined,
            runs: 3,
            points: [
              { x: 1, mean: 2, low: 1, high: 3, runs: 3 },
              { x: 2, mean: 3, low: 1, high: 6, runs: 3 },
              { x: 3, mean: 5, low: 3, high: 9, runs: 3 },
            ],
          },
        ],
      },
    ]);
  });

  it('have the standard error for a band on request, or none', () => {
    const runs = [1, 2, 6].map((value) => played('a', [value]));
    const point = (band: 'error' | 'none') =>
      learningCurves(runs, { band }).panels[0]!.curves[0]!.points[0]!;
    // Deviation √7 over √3 runs.
    expect(point('error').high).to.be.closeTo(3 + Math.sqrt(7 / 3), 1e-12);
    expect(point('error').low).to.be.closeTo(3 - Math.sqrt(7 / 3), 1e-12);
    expect(point('none')).to.include({ low: 3, high: 3 });
  });

  it('are smoothed within each run, before the runs are put together', () => {
    const runs = [played('a', [0, 4, 8, 0]), played('a', [2, 2, 2, 2])];
    const { points } = learningCurves(runs, { window: 2 }).panels[0]!.curves[0]!;
    expect(points.map(({ low, high }) => [low, high])).to.deep.equal([
      [0, 2],
      [2, 2],
      [2, 6],
      [2, 4],
    ]);
  });

  it('end where fewer than half of the runs go on', () => {
    const runs = [played('a', [1, 1, 1, 1]), played('a', [1, 1]), played('a', [1, 1, 1])];
    const { points } = learningCurves(runs).panels[0]!.curves[0]!;
    expect(points.map(({ runs: at }) => at)).to.deep.equal([3, 3, 2]);
  });

  it('meet at every x of any run, on the straight line between the others’ points', () => {
    const runs = [played('a', [0, 10], 10), played('a', [0, 30], 15)];
    const { points } = learningCurves(runs, { x: 'total_steps' }).panels[0]!.curves[0]!;
    expect(points.map(({ x }) => x)).to.deep.equal([10, 15, 20, 30]);
    expect(points[1]).to.deep.equal({ x: 15, mean: 2.5, low: 0, high: 5, runs: 2 });
    expect(points[2]).to.deep.equal({ x: 20, mean: 10, low: 10, high: 10, runs: 2 });
  });

  it('thin out long runs to what a drawing shows', () => {
    const long = Array.from({ length: 5000 }, (_, k) => k);
    const { points } = learningCurves([played('a', long)]).panels[0]!.curves[0]!;
    expect(points.length).to.equal(400);
    expect(points[0]).to.include({ x: 1, mean: 0 });
    expect(points.at(-1)).to.include({ x: 5000, mean: 4999 });
    for (const { x, mean } of points) expect(mean).to.be.closeTo(x - 1, 1e-9);
  });

  it('show train, test and random of one group, the last as a flat line', () => {
    const rows = ['0,random,5,', '1,train,7,1', '1,test,8,2', '2,train,9,3', '2,test,10,'];
    const { panels, x } = learningCurves([phased('a', rows)], {
      fields: ['average_reward', 'meanq'],
    });
    expect(x).to.equal('epoch');
    const shown = panels.map(({ curves }) =>
      curves.map(({ phase, points }) => [phase, points.map((point) => [point.x, point.mean])]),
    );
    expect(shown).to.deep.equal([
      [
        [
          'train',
          [
            [1, 7],
            [2, 9],
          ],
        ],
        [
          'test',
          [
            [1, 8],
            [2, 10],
          ],
        ],
        [
          'random',
          [
            [0, 5],
            [2, 5],
          ],
        ],
      ],
      [
        [
          'train',
          [
            [1, 1],
            [2, 3],
          ],
        ],
        ['test', [[1, 2]]],
      ],
    ]);
  });

  it('show tests alone of several groups, training where nobody tested', () => {
    const tested = [phased('a', ['1,train,1,1', '1,test,2,1']), phased('b', ['1,train,3,1'])];
    const phasesOf = (sources: CurveSource[]) =>
      learningCurves(sources).panels[0]!.curves.map(({ group, phase }) => [group, phase]);
    expect(phasesOf(tested)).to.deep.equal([['a', 'test']]);
    const trained = [phased('a', ['1,train,1,1']), phased('b', ['1,train,3,1'])];
    expect(phasesOf(trained)).to.deep.equal([
      ['a', 'train'],
      ['b', 'train'],
    ]);
  });

  it("read the original's file, a resumed one without its random row, and its plot's name of a column", () => {
    const header =
      'epoch,phase,steps,nr_games,average_reward,min_game_reward,max_game_reward,last_exploration_rate,total_train_steps,replay_memory_count,meanq,meancost,weight_updates,total_time,epoch_time,steps_per_second';
    const rows = [
      '78,train,250000,1123,22.25,0,64,0.1,19500000,1000000,2.57,0.0003,4861000,99.5,95.1,262.9',
      '78,test,125000,120,55.9,12.0,300.0,0.05,19500000,1000000,2.59,0,4861000,131.2,31.7,394.3',
      '79,train,250000,1100,23.5,0,70,0.1,19750000,1000000,2.6,0.0003,4923500,226,95,263',
    ];
    const text = `${[header, ...rows].join('\r\n')}\r\n`;
    const curves = learningCurves([source('breakout_77', text)], {
      fields: ['average_reward', 'phase_time', 'meancost'],
    });
    expect(curves.panels.map(({ field }) => field)).to.deep.equal([
      'average_reward',
      'phase_time',
      'meancost',
    ]);
    const [train] = curves.panels[1]!.curves;
    expect(train!.points.map(({ mean }) => mean)).to.deep.equal([95.1, 95]);
  });

  it('leave out fields without a value and say so, unless none has any', () => {
    const one = [phased('a', ['1,train,7,', '2,train,8,nan'])];
    const { panels, empty } = learningCurves(one, { fields: ['average_reward', 'meanq'] });
    expect(panels.map(({ field }) => field)).to.deep.equal(['average_reward']);
    expect(empty).to.deep.equal(['meanq']);
    expectError(() => learningCurves(one, { fields: ['meanq'] }), 'E_FORMAT', 'meanq');
  });

  it('leave out what no half of the runs have at the same place', () => {
    const runs = [1, 2, 3].map((epoch) => phased('a', ['1,train,5,', `${epoch + 10},play,9,`]));
    const { curves } = learningCurves(runs, { fields: ['average_reward'] }).panels[0]!;
    expect(curves.map(({ phase }) => phase)).to.deep.equal(['train']);
  });

  it('refuse what they cannot draw', () => {
    const one = [played('a', [1])];
    expectError(() => learningCurves([]), 'E_ARGUMENT', 'at least one');
    expectError(() => learningCurves(one, { fields: ['loss'] }), 'E_ARGUMENT', 'return', "'loss'");
    expectError(() => learningCurves(one, { fields: [] }), 'E_ARGUMENT', 'fields');
    expectError(() => learningCurves(one, { window: 0 }), 'E_RANGE', 'window');
    expectError(() => learningCurves(one, { band: 'sd' as never }), 'E_ARGUMENT', 'range');
    expectError(() => learningCurves(one, { phases: ['nap' as never] }), 'E_ARGUMENT', 'nap');
    const mixed = [phased('a', ['1,train,1,1']), ...one];
    expectError(() => learningCurves(mixed), 'E_ARGUMENT', 'a.csv', "column 'phase'");
    const odd = [phased('a', ['1,nap,1,1'])];
    expectError(() => learningCurves(odd, { phases: ['train'] }), 'E_FORMAT', "'nap'");
  });
});
