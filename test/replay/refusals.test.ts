import { expect } from 'chai';
import { Replay } from '../../ts/index.js';
import type { ReplayOptions, StepOutcome } from '../../ts/index.js';
import type { ErrorCode } from '../../ts/index.js';
import { expectRefused } from '../facade/refused.js';

const good: ReplayOptions = { capacity: 10, observation: { size: 2 } };
const frame = Float32Array.of(1, 2);
const goesOn = { terminated: false };

function started(more: Partial<ReplayOptions> = {}): Replay {
  const replay = new Replay({ ...good, ...more });
  replay.begin(frame);
  replay.add(0, 1, frame, goesOn);
  return replay;
}

describe('replay: refusals', () => {
  const options: [object, ErrorCode, string][] = [
    [{ capacity: 0 }, 'E_RANGE', "'capacity'"],
    [{ capacity: 1.5 }, 'E_RANGE', "'capacity'"],
    [{ capacity: 2 ** 31 }, 'E_RANGE', "'capacity'"],
    [{ capacity: undefined }, 'E_ARGUMENT', "'capacity'"],
    [{ observation: undefined }, 'E_ARGUMENT', "'observation'"],
    [{ observation: {} }, 'E_ARGUMENT', "'size'"],
    [{ observation: { size: 0 } }, 'E_RANGE', "'size'"],
    [{ observation: { size: 2, dtype: 'int8' } }, 'E_ARGUMENT', 'float32, uint8, bits'],
    [{ observation: { size: 2, stack: 256 } }, 'E_RANGE', "'stack'"],
    [{ observation: { size: 2, order: 'newest' } }, 'E_ARGUMENT', 'newest-first'],
    [{ observation: { size: 2, padding: 'none' } }, 'E_ARGUMENT', 'zeros, repeat, skip'],
    [{ observation: { size: 2, shape: [2] } }, 'E_ARGUMENT', 'shape'],
    [{ observation: { size: 2, encode: 1 } }, 'E_ARGUMENT', "'encode'"],
    [{ observation: { size: 2, decodedSize: 3 } }, 'E_ARGUMENT', "'decodedSize'"],
    [{ nStep: 0 }, 'E_RANGE', "'nStep'"],
    [{ gamma: 1.01 }, 'E_RANGE', 'gamma'],
    [{ gamma: NaN }, 'E_NOT_FINITE', 'gamma'],
    [{ seed: -1 }, 'E_RANGE', "'seed'"],
    [{ threads: 0 }, 'E_RANGE', "'threads'"],
    [{ size: 3 }, 'E_ARGUMENT', 'size'],
    [{ prioritised: { alpha: -1 } }, 'E_RANGE', "'alpha'"],
    [{ prioritised: { beta: 2 } }, 'E_RANGE', "'beta'"],
    [{ prioritised: { beta: { from: 0 } } }, 'E_ARGUMENT', "'to'"],
    [{ prioritised: { epsilon: 0 } }, 'E_RANGE', "'epsilon'"],
    [{ prioritised: { omega: 0 } }, 'E_ARGUMENT', 'omega'],
    [{ prioritised: true, replacement: false }, 'E_UNSUPPORTED', 'replacement'],
  ];
  for (const [more, code, part] of options)
    it(`option ${JSON.stringify(more)}`, () => {
      expectRefused(() => new Replay({ ...good, ...more }), code, part);
    });

  it('steps outside an episode, and episodes of other copies', () => {
    const replay = new Replay(good);
    const add = (outcome: StepOutcome, copy?: number) => () =>
      replay.add(0, 0, frame, outcome, copy);
    expectRefused(add(goesOn), 'E_STATE', 'copy 0');
    replay.begin(frame);
    expectRefused(add(goesOn, 1), 'E_STATE', 'copy 1');
    expectRefused(add(goesOn, -1), 'E_RANGE', 'copy');
    expectRefused(add(goesOn, 0.5), 'E_RANGE', 'copy');
    expectRefused(() => replay.begin(frame, 65_536), 'E_RANGE', 'copy');
    expectRefused(add({} as StepOutcome), 'E_ARGUMENT', "'terminated'");
    add({ terminated: true })();
    expectRefused(add(goesOn), 'E_STATE', 'an episode that goes on');
    expectRefused(() => replay.state(), 'E_STATE', 'an episode that goes on');
    replay.begin(frame);
    add({ terminated: false, truncated: true })();
    expectRefused(add(goesOn), 'E_STATE', 'an episode that goes on');
  });

  it('actions, rewards and observations of the wrong kind', () => {
    const replay = started();
    expectRefused(() => replay.add(0.5, 0, frame, goesOn), 'E_RANGE', 'action');
    expectRefused(() => replay.add(2 ** 31, 0, frame, goesOn), 'E_RANGE', 'action');
    expectRefused(() => replay.add(0, Infinity, frame, goesOn), 'E_NOT_FINITE', 'reward');
    const wrong = (observation: unknown) => () =>
      replay.add(0, 0, observation as Float32Array, goesOn);
    expectRefused(wrong([1, 2]), 'E_ARGUMENT', 'observation');
    expectRefused(wrong(new Int32Array(2)), 'E_ARGUMENT', 'observation');
    expectRefused(wrong(new Float32Array(3)), 'E_SHAPE', 'observation');
    expect(replay.size).to.equal(1);
  });

  it('batches of the wrong kind, and more than there is', () => {
    expectRefused(() => new Replay(good).sample(1), 'E_STATE', 'a memory with transitions');
    const replay = started();
    expectRefused(() => replay.sample(0), 'E_RANGE', 'rows of a batch');
    expectRefused(() => replay.sample(2 ** 20 + 1), 'E_RANGE', 'rows of a batch');
    const bytes = replay.emptyBatch(1, 'uint8');
    expectRefused(() => replay.sampleInto(bytes), 'E_ARGUMENT', 'float32');
    const short = { ...replay.emptyBatch(2), weights: new Float32Array(1) };
    expectRefused(() => replay.sampleInto(short), 'E_SHAPE', 'weights');
    const distinct = started({ replacement: false });
    expectRefused(() => distinct.sample(2), 'E_RANGE', 'at most 1');
  });

  it('priorities of the wrong kind', () => {
    const set =
      (replay: Replay, index: number, ...errors: number[]) =>
      () =>
        replay.setPriorities(Float64Array.of(index), Float32Array.from(errors));
    expectRefused(set(started(), 0, 1), 'E_STATE', 'a prioritised memory');
    const replay = started({ prioritised: true });
    expectRefused(set(replay, 0, 1, 2), 'E_SHAPE', '1 errors');
    expectRefused(set(replay, -1, 1), 'E_RANGE', 'index 0');
    expectRefused(set(replay, 2, 1), 'E_RANGE', 'one that a batch had');
    expectRefused(set(replay, 0.5, 1), 'E_RANGE', 'index 0');
    expectRefused(set(replay, 0, NaN), 'E_NOT_FINITE', 'error');
    set(replay, 0, 1)();
  });

  it('everything after close()', () => {
    const replay = started();
    replay.close();
    replay.close();
    for (const call of [
      () => replay.begin(frame),
      () => replay.add(0, 0, frame, goesOn),
      () => replay.sample(1),
      () => replay.size,
      () => replay.state(),
      () => replay.save(),
      () => replay.memory,
    ])
      expectRefused(call, 'E_STATE', 'a closed one');
  });

  it('states of other memories', () => {
    const state = started().save();
    const other = (more: Partial<ReplayOptions>) => () => {
      new Replay({ ...good, ...more }).restore(state);
    };
    expectRefused(other({ capacity: 11 }), 'E_ARGUMENT', 'capacity: expected 11, received 10');
    expectRefused(other({ gamma: 0.5 }), 'E_ARGUMENT', 'gamma');
    expectRefused(other({ prioritised: true }), 'E_ARGUMENT', 'alpha');
    expectRefused(other({ observation: { size: 2, stack: 2 } }), 'E_ARGUMENT', 'stack');
    expectRefused(() => started().restore(new Uint8Array(0)), 'E_FORMAT', 'none at all');
    const replay = started();
    const before = replay.save();
    expectRefused(() => replay.restore(state.subarray(0, 100)), 'E_FORMAT', 'cut off');
    expect(replay.save()).to.deep.equal(before);
  });
});
