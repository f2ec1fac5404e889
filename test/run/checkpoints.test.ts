import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { SpiqError } from '../../ts/errors.js';
import { Run } from '../../ts/run/index.js';
import type { KeepPolicy } from '../../ts/run/index.js';
import { expectError } from '../formats/helpers/expect-error.js';
import { freshFolders } from './folder.js';

describe('checkpoints of a run', () => {
  const folderOf = freshFolders();
  let folder: string;
  let run: Run;
  const start = (keep: KeepPolicy = {}): Run =>
    Run.create(folder, { name: 'a', seed: 0, parameters: {}, keep });
  beforeEach(() => {
    folder = join(folderOf(), 'run');
  });
  afterEach(() => {
    run.close();
  });
  const numbers = (): number[] => run.checkpoints().map(({ number }) => number);

  it('come back with state and parts, the latest, the best or by number', () => {
    run = start();
    const trainer = Uint8Array.from({ length: 1000 }, (_, i) => i % 251);
    run.saveCheckpoint({ number: 3, state: { a: [1, null, 'x'] }, parts: { trainer }, score: 5 });
    run.saveCheckpoint({ number: 8, state: {}, score: 2 });
    const best = run.checkpoint('best')!;
    expect(best.number).to.equal(3);
    expect(best.state).to.deep.equal({ a: [1, null, 'x'] });
    expect(best.part('trainer')).to.deep.equal(Buffer.from(trainer));
    expectError(() => best.part('replay'), 'E_ARGUMENT', 'replay', 'trainer');
    expect(run.checkpoint()!.number).to.equal(8);
    expect(run.checkpoint(3)!.score).to.equal(5);
    expectError(() => run.checkpoint(4), 'E_ARGUMENT', '3, 8', '4');
  });

  it('keeps the last, the best and every n-th', () => {
    run = start({ last: 2, every: 10 });
    const scores = [1, 9, 3, 9, 2, 2];
    scores.forEach((score, k) => run.saveCheckpoint({ number: 5 * k, state: {}, score }));
    // 5 is the first of the two best, 0, 10 and 20 are multiples of ten.
    expect(numbers()).to.deep.equal([0, 5, 10, 20, 25]);
    expect(run.checkpoint('best')!.number).to.equal(5);
  });

  it('takes infinite scores, and none', () => {
    run = start({ last: 9 });
    expect(run.checkpoint()).to.equal(undefined);
    run.saveCheckpoint({ number: 1, state: {} });
    expect(run.checkpoint('best')).to.equal(undefined);
    run.saveCheckpoint({ number: 2, state: {}, score: -Infinity });
    expect(run.checkpoint('best')!.number).to.equal(2);
    expectError(() => run.saveCheckpoint({ number: 3, state: {}, score: NaN }), 'E_NOT_FINITE');
  });

  it('removes the later ones when an earlier one is resumed from', () => {
    run = start({ last: 9 });
    for (const number of [1, 2, 3]) run.saveCheckpoint({ number, state: { number } });
    run.close();
    run = Run.open(folder, { keep: { last: 9 } });
    expect(run.resume(2)!.state).to.deep.equal({ number: 2 });
    expect(numbers()).to.deep.equal([1, 2]);
    run.saveCheckpoint({ number: 3, state: {} });
    expect(numbers()).to.deep.equal([1, 2, 3]);
  });

  it('refuses a number that is not larger, wrong parts, and state that JSON would change', () => {
    run = start();
    run.saveCheckpoint({ number: 2, state: {} });
    const save = (change: object) => () => run.saveCheckpoint({ number: 3, state: {}, ...change });
    expectError(save({ number: 2 }), 'E_RANGE', 'above 2');
    expectError(save({ number: 2.5 }), 'E_RANGE', '2.5');
    expectError(save({ parts: { '../x': new Uint8Array(1) } }), 'E_ARGUMENT', '../x');
    expectError(save({ parts: { x: [1] } }), 'E_ARGUMENT', "part 'x'");
    expectError(save({ state: { t: new Map() } }), 'E_ARGUMENT', 'state.t');
    expect(numbers()).to.deep.equal([2]);
  });

  it('sees damage, other versions and leftovers', () => {
    run = start();
    const parts = { trainer: new Uint8Array([1, 2, 3, 4]) };
    const one = run.saveCheckpoint({ number: 1, state: {}, parts });
    writeFileSync(join(one, 'trainer.bin'), new Uint8Array([1, 2, 3, 5]));
    expectError(() => run.checkpoint()!.part('trainer'), 'E_FORMAT', 'trainer.bin', 'checksum');
    const about = join(one, 'checkpoint.json');
    const text = readFileSync(about, 'utf8');
    writeFileSync(about, text.replace('"version":1', '"version":2'));
    expectError(() => run.checkpoint(), 'E_VERSION', 'checkpoint.json', '2');
    writeFileSync(about, text.replace('"number":1', '"number":7'));
    expectError(() => run.checkpoint(), 'E_FORMAT', 'number');
    writeFileSync(about, text.slice(0, 20));
    expectError(() => run.checkpoint(), 'E_FORMAT', 'checkpoint.json');
    writeFileSync(about, text);

    mkdirSync(join(folder, 'checkpoints', '.0000000002.1-ab.partial'));
    run.close();
    run = Run.open(folder);
    expect(readdirSync(join(folder, 'checkpoints'))).to.deep.equal(['0000000001']);
  });

  it('whose description is cut or changed gives typed errors or a checkpoint', () => {
    run = start();
    const parts = { trainer: new Uint8Array([1, 2, 3]) };
    const file = join(run.saveCheckpoint({ number: 1, state: { a: 1 }, parts }), 'checkpoint.json');
    const text = readFileSync(file, 'utf8');
    fc.assert(
      fc.property(
        fc.nat(text.length),
        fc.nat(text.length),
        fc.string({ maxLength: 4 }),
        (a, b, put) => {
          writeFileSync(file, text.slice(0, a) + put + text.slice(b));
          try {
            run.checkpoint()!.part('trainer');
          } catch (error) {
            expect(error).to.be.instanceOf(SpiqError);
            const codes = ['E_FORMAT', 'E_VERSION', 'E_ARGUMENT'];
            expect((error as SpiqError).code).to.be.oneOf(codes);
          }
        },
      ),
      { numRuns: 1000 },
    );
    writeFileSync(file, text);
  });

  it('refuses to resume where rows that the checkpoint counts are missing', () => {
    run = start();
    run.recordEpisode({ episode: 1, steps: 1, return: 1, totalSteps: 1 });
    run.saveCheckpoint({ number: 1, state: {} });
    run.close();
    const file = join(folder, 'episodes.csv');
    writeFileSync(file, readFileSync(file, 'utf8').split('\n', 1)[0]! + '\n');
    run = Run.open(folder);
    expectError(() => run.resume(), 'E_FORMAT', 'episodes.csv', '2 lines');
  });
});
