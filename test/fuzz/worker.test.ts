import { expect } from 'chai';
import { closeSync, ftruncateSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SpiqError } from '../../ts/errors.js';
import { isRecord } from '../../ts/wire/message.js';
import { WorkerProcess, type WorkerReply } from '../../ts/wire/worker.js';
import { seededNumbers } from '../formats/helpers/mutate.js';
import { gymPython } from '../support/python.js';

type Body = Record<string, unknown>;

const calls: [type: string, body: Body][] = [
  [
    'env.make',
    {
      env: { kind: 'ale', game: 'pong', frameSkip: 2, sticky: 0, pixels: 'gray', picture: false },
      count: 2,
    },
  ],
  ['env.make', { env: { kind: 'gymnasium', id: 'CartPole-v1', options: {} }, count: 1 }],
  ['env.reset', { env: 'e1', copies: [0, 1], seeds: [1, null], noops: [0, 2] }],
  ['env.step', { env: 'e1', steps: [0, 1, 1, 2] }],
  ['env.render', { env: 'e1', copy: 0 }],
  ['cancel', { target: 3 }],
  ['hello', { protocol: [1, 1], client: 'spiq', token: 'x' }],
];
const strange = [
  0,
  -1,
  1,
  0.5,
  1e300,
  2 ** 53,
  10 ** 20,
  null,
  true,
  false,
  '',
  'e1',
  'ale',
  '\u0000',
  'é🂡',
  [],
  [0],
  [-1],
  [0.5],
  [null],
  [true],
  ['0'],
  [[0]],
  [0, 0],
  [0, 1, 2, 3],
  [2 ** 40, 0],
  {},
  { kind: 'ale' },
];
/** What a refusal may be; an error that Python raised in the worker's own code would be another. */
const refusals = ['E_ARGUMENT', 'E_RANGE', 'E_SHAPE', 'E_STATE', 'E_PROTOCOL', 'E_UNSUPPORTED'];
const replies = ['env.made', 'env.state', 'env.stepped', 'env.picture', 'cancelled'];
const requests = 2000;

/** A body with other values in some of its places. */
function changed(body: Body, next: (limit: number) => number): Body {
  const copy = structuredClone(body);
  for (let count = next(3); count >= 0; count -= 1) {
    const inner = isRecord(copy.env) && next(3) > 0 ? copy.env : copy;
    const names = [...Object.keys(inner), 'more'];
    inner[names[next(names.length)]!] = structuredClone(strange[next(strange.length)]);
  }
  return copy;
}

describe('fuzz: requests to the worker', () => {
  let worker: WorkerProcess;
  let folder: string;
  let fd: number;
  before(async function () {
    this.timeout(300_000);
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-test-'));
    fd = openSync(path.join(folder, 'frames'), 'w+');
    ftruncateSync(fd, 1 << 20);
    worker = await WorkerProcess.start({
      backend: 'env',
      python: await gymPython(),
      region: { fd },
    });
  });
  after(async () => {
    await worker.close();
    closeSync(fd);
    rmSync(folder, { recursive: true });
  });

  it('are answered or refused with a code, and the worker goes on', async function () {
    this.timeout(120_000);
    const next = seededNumbers(11);
    const pid = worker.pid;
    const seen = new Map<string, number>();
    // Half of the time no environment is open, so that options are looked at.
    let name: string | undefined;
    const openOne = async (body: Body): Promise<string> =>
      String((await worker.request('env.make', body)).body.env);
    const close = async (): Promise<void> => {
      await worker.request('env.close', { env: name });
      name = undefined;
    };
    for (let request = 0; request < requests; request += 1) {
      const wanted = request % 200 < 100;
      if (wanted && name === undefined) name = await openOne(calls[0]![1]);
      if (!wanted && name !== undefined) await close();
      const [type, sound] = calls[next(calls.length)]!;
      const named = typeof sound.env === 'string' ? { ...sound, env: name ?? 'e1' } : sound;
      const body = changed(named, next);
      const story = `request ${request}: ${type} ${JSON.stringify(body)}`;
      const answer = await worker.request(type, body).catch((error: unknown) => error);
      const known = answer instanceof SpiqError;
      const what = known ? answer.code : (answer as WorkerReply).type;
      // Gymnasium itself refuses options and names in many ways.
      const theirs = isRecord(body.env) && body.env.kind === 'gymnasium' ? ['E_BACKEND'] : [];
      const permitted = [
        ...refusals,
        ...replies,
        ...theirs,
        ...(type === 'hello' ? ['E_AUTH'] : []),
      ];
      expect(what, `${story}: ${known ? answer.message : ''}`).to.be.oneOf(permitted);
      if (known) expect(answer.message.length, story).to.be.lessThan(500);
      if (what === 'env.made') name = String((answer as WorkerReply).body.env);
      seen.set(what, (seen.get(what) ?? 0) + 1);
    }
    expect(worker.pid).to.equal(pid);
    expect(worker.crashed).to.equal(undefined);
    expect([...seen.keys()]).to.include.members([...refusals.slice(0, 4), ...replies.slice(0, 3)]);
  });
});
