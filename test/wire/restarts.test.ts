import { expect } from 'chai';
import { WorkerError } from '../../ts/wire/errors.js';
import { Restarts, restartDelays } from '../../ts/wire/restarts.js';

const crash = (text = 'on purpose'): WorkerError => new WorkerError('E_CRASH', text);
/** Milliseconds by which a timer of a busy machine may be late. */
const slack = 1500;

async function refusal(work: Promise<unknown>): Promise<Error> {
  try {
    await work;
  } catch (error) {
    return error as Error;
  }
  throw new Error('expected an error');
}

describe('restarts of a worker', () => {
  it('wait for 0.25, 1 and 4 s', () => {
    expect(restartDelays).to.deep.equal([250, 1000, 4000]);
  });

  it('do nothing for work that is done', async () => {
    let started = 0;
    const restarts = new Restarts(async () => void (started += 1));
    expect(await restarts.insist(async () => 7)).to.equal(7);
    expect([started, restarts.count]).to.deep.equal([0, 0]);
  });

  it('repeat interrupted work once the worker is back, after the first delay', async () => {
    const reasons: string[] = [];
    const restarts = new Restarts(async ({ message }) => void reasons.push(message));
    let tries = 0;
    const start = performance.now();
    const result = await restarts.insist(async () => {
      tries += 1;
      if (tries === 1) throw crash();
      return tries;
    });
    expect(result).to.equal(2);
    expect(performance.now() - start).to.be.within(
      restartDelays[0]! - 2,
      restartDelays[0]! + slack,
    );
    expect(reasons).to.deep.equal(['on purpose']);
    expect(restarts.count).to.equal(1);
  });

  it('happen once for all calls that an end interrupts', async () => {
    let up = false;
    let started = 0;
    const restarts = new Restarts(async () => {
      started += 1;
      up = true;
    });
    const work = async (): Promise<string> => {
      await Promise.resolve();
      if (!up) throw crash();
      return 'done';
    };
    const all = await Promise.all([work, work, work].map(async (one) => restarts.insist(one)));
    expect(all).to.deep.equal(['done', 'done', 'done']);
    expect(started).to.equal(1);
  });

  it('hold back calls that come while the worker is brought back', async () => {
    let up = true;
    const restarts = new Restarts(async () => void (up = true));
    const work = async (): Promise<boolean> => {
      if (!up) throw crash();
      return up;
    };
    up = false;
    const first = restarts.insist(work);
    await new Promise(setImmediate);
    let calls = 0;
    const second = restarts.insist(async () => {
      calls += 1;
      return work();
    });
    expect(await Promise.all([first, second])).to.deep.equal([true, true]);
    expect(calls).to.equal(1);
  });

  it('end after three for the same call, with its error, and for good', async function () {
    this.timeout(30_000);
    let started = 0;
    const restarts = new Restarts(async () => void (started += 1));
    const start = performance.now();
    const error = await refusal(
      restarts.insist(async () => {
        throw crash('again and again');
      }),
    );
    expect(error).to.be.instanceOf(WorkerError);
    expect(error).to.include({ code: 'E_CRASH' });
    expect(error.message).to.equal('again and again; given up after 3 restarts');
    expect(started).to.equal(3);
    expect(performance.now() - start).to.be.within(5240, 5250 + slack);
    expect(await refusal(restarts.insist(async () => 1))).to.equal(error);
  });

  it('count those that fail themselves', async function () {
    this.timeout(30_000);
    let started = 0;
    const restarts = new Restarts(async () => {
      started += 1;
      throw crash(`start ${started}`);
    });
    const error = await refusal(restarts.insist(async () => Promise.reject(crash())));
    expect(error.message).to.equal('start 3; given up after 3 restarts');
    expect(restarts.count).to.equal(0);
  });

  it('are for ends and timeouts alone', async () => {
    let started = 0;
    const restarts = new Restarts(async () => void (started += 1));
    const error = new WorkerError('E_BACKEND', 'a library raised an error');
    expect(await refusal(restarts.insist(async () => Promise.reject(error)))).to.equal(error);
    expect(started).to.equal(0);
    const late = new WorkerError('E_TIMEOUT', 'too late');
    let tries = 0;
    await restarts.insist(async () => {
      tries += 1;
      if (tries === 1) throw late;
    });
    expect(started).to.equal(1);
  });

  it('that cannot bring the worker back lose it for good', async () => {
    const lost = new Error('not as it was');
    const restarts = new Restarts(async () => Promise.reject(lost));
    expect(await refusal(restarts.insist(async () => Promise.reject(crash())))).to.equal(lost);
    expect(await refusal(restarts.insist(async () => 1))).to.equal(lost);
  });

  it('stop at once', async () => {
    let started = 0;
    const restarts = new Restarts(async () => void (started += 1));
    const waiting = refusal(restarts.insist(async () => Promise.reject(crash())));
    await new Promise(setImmediate);
    const closed = new Error('closed');
    const start = performance.now();
    await restarts.stop(closed);
    expect(await waiting).to.equal(closed);
    expect(performance.now() - start).to.be.lessThan(restartDelays[0]! / 2);
    expect(started).to.equal(0);
  });
});
