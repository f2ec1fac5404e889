import { expect } from 'chai';
import { Replay } from '../../ts/index.js';
import type { ReplayFrame, FrameOptions, ReplayOptions } from '../../ts/index.js';
import { expectRefused } from '../facade/refused.js';

function twoFrames(observation: FrameOptions, first: ReplayFrame, second: ReplayFrame): Replay {
  const replay = new Replay({ capacity: 4, observation });
  replay.begin(first);
  replay.add(1, 2, second, { terminated: false });
  return replay;
}

describe('replay: frames', () => {
  it('uint8 and bits come back as bytes or as floats, from every kind of array', () => {
    const values = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1];
    const kinds: ReplayFrame[] = [
      Uint8Array.from(values),
      Uint8ClampedArray.from(values),
      Float32Array.from(values),
      Float64Array.from(values),
    ];
    for (const dtype of ['uint8', 'bits'] as const)
      for (const frame of kinds) {
        const replay = twoFrames({ size: 11, dtype }, frame, frame);
        const bytes = replay.sampleInto(replay.emptyBatch(1, 'uint8'));
        expect([...bytes.states]).to.deep.equal(values);
        expect([...bytes.nextStates]).to.deep.equal(values);
        expect([...replay.sample(1).states]).to.deep.equal(values);
        expect([...replay.state(0, new Uint8Array(11))]).to.deep.equal(values);
      }
  });

  it('bits take an eighth of the bytes', () => {
    const bytes = (dtype: 'bits' | 'uint8') =>
      new Replay({ capacity: 100_000, observation: { size: 6400, dtype } }).memory.atMost.frames;
    // The rows beyond the transitions are as many as 16 MB hold.
    expect(bytes('bits')).to.be.closeTo(bytes('uint8') / 8, 16 * 2 ** 20);
  });

  it('large batches, which threads share, equal small ones', () => {
    const options: ReplayOptions = {
      capacity: 200,
      observation: { size: 7056, dtype: 'uint8', stack: 4 },
      seed: 5,
    };
    const replays = [1, 2, 5].map((threads) => new Replay({ ...options, threads }));
    for (const replay of replays) {
      replay.begin(new Uint8Array(7056));
      for (let row = 1; row < 150; row += 1)
        replay.add(row, 0, new Uint8Array(7056).fill(row), { terminated: false });
    }
    const [one, two, five] = replays.map((replay) => replay.sample(64));
    for (const other of [two, five]) expect(other).to.deep.equal(one);
    for (let row = 0; row < 64; row += 1) {
      const newest = (row * 4 + 3) * 7056;
      expect(one!.nextStates[newest]).to.equal(one!.actions[row]);
      expect(one!.states[newest + 7055]).to.equal(one!.actions[row]! - 1);
    }
  });

  it('the user encodes and decodes', () => {
    // Differences of neighbours, which fit into bytes where the values do not.
    const encode = (observation: ReplayFrame) =>
      Uint8Array.from(
        observation,
        (value, index) => value - (index > 0 ? observation[index - 1]! : 0),
      );
    const decode = (stored: Float32Array | Uint8Array, into: Float32Array) => {
      into[0] = stored[0]!;
      for (let index = 1; index < stored.length; index += 1)
        into[index] = into[index - 1]! + stored[index]!;
      into[stored.length] = stored.length;
    };
    const observation = {
      size: 3,
      dtype: 'uint8' as const,
      stack: 2,
      encode,
      decode,
      decodedSize: 4,
    };
    const replay = twoFrames(observation, Float32Array.of(200, 400, 600), Float32Array.of(1, 2, 3));
    expect(replay.stateSize).to.equal(8);
    const { states, nextStates } = replay.sample(1);
    expect([...states]).to.deep.equal([0, 0, 0, 3, 200, 400, 600, 3]);
    expect([...nextStates]).to.deep.equal([200, 400, 600, 3, 1, 2, 3, 3]);
    expect([...replay.state()]).to.deep.equal([200, 400, 600, 3, 1, 2, 3, 3]);
    expectRefused(() => Replay.nativeOf(replay), 'E_UNSUPPORTED', 'updateBatch');
    expectRefused(
      () => replay.sampleInto(replay.emptyBatch(1, 'uint8')),
      'E_ARGUMENT',
      'a Float32Array',
    );
  });

  it('values that the type cannot hold are refused by element and change nothing', () => {
    const refused: [FrameOptions, ReplayFrame, string, RegExp][] = [
      [{ size: 2 }, Float32Array.of(1, NaN), 'E_NOT_FINITE', /element 1.*NaN/],
      [{ size: 2 }, Float64Array.of(1e300, 1), 'E_RANGE', /element 0/],
      [{ size: 2, dtype: 'uint8' }, Float32Array.of(1, 0.5), 'E_RANGE', /element 1.*0\.5/],
      [{ size: 2, dtype: 'uint8' }, Float32Array.of(256, 0), 'E_RANGE', /element 0.*256/],
      [{ size: 2, dtype: 'uint8' }, Float64Array.of(1, -1), 'E_RANGE', /element 1/],
      [{ size: 2, dtype: 'bits' }, Uint8Array.of(0, 2), 'E_RANGE', /element 1.*0 or 1/],
    ];
    for (const [observation, frame, code, part] of refused) {
      const replay = twoFrames(observation, new Uint8Array(2), new Uint8Array(2));
      expectRefused(() => replay.begin(frame), code as 'E_RANGE', part);
      const outcome = { terminated: true };
      expectRefused(() => replay.add(0, 0, frame, outcome), code as 'E_RANGE', part);
      expect([replay.size, replay.observations]).to.deep.equal([1, 2]);
      replay.add(0, 0, new Uint8Array(2), outcome);
    }
  });
});
