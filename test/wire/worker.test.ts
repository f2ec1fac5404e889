import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { SpiqError } from '../../ts/errors.js';
import { mostLineBytes } from '../../ts/wire/line.js';
import { WorkerProcess, type WorkerOptions } from '../../ts/wire/worker.js';
import { repositoryRoot } from '../scripts/repository.js';
import { isRunning, timeToEnd } from '../support/processes.js';
import { gymPython } from '../support/python.js';
import { refusal } from '../support/refusal.js';

/** Sets a variable for the workers that `work` starts. */
async function withVariable<T>(
  name: 'SPIQ_TEST_GREETING' | 'PYTHONPATH',
  value: string,
  work: () => Promise<T>,
): Promise<T> {
  const before = process.env[name];
  process.env[name] = value;
  try {
    return await work();
  } finally {
    if (before === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = before;
  }
}

describe('a worker process', () => {
  let python: string;
  let folder: string;
  let temporary: string | undefined;
  before(async function () {
    this.timeout(300_000);
    python = await gymPython();
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-test-'));
    temporary = process.env.TMPDIR;
    process.env.TMPDIR = folder;
  });
  after(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(folder, { recursive: true });
  });

  const start = async (options: Partial<WorkerOptions> = {}): Promise<WorkerProcess> =>
    WorkerProcess.start({ backend: 'env', python, ...options });

  /** What workers have in the temporary folder. */
  const folders = (): string[] =>
    readdirSync(folder).filter((name) => name.startsWith('spiq-worker-'));

  /** A program that runs a script of test/wire in place of the worker. */
  const program = (script: string): string => {
    const file = path.join(folder, `${script}.sh`);
    const target = path.join(repositoryRoot, 'test', 'wire', script);
    writeFileSync(file, `#!/bin/sh\nexec '${python}' '${target}' "$@"\n`);
    chmodSync(file, 0o700);
    return file;
  };

  it('starts, tells its versions, answers and ends, and leaves nothing behind', async () => {
    const worker = await start();
    const { pid } = worker;
    expect(worker.versions).to.include({ gymnasium: '1.4.0', ale_py: '0.12.1', numpy: '2.4.6' });
    expect(worker.versions.python).to.match(/^3\.\d+\.\d+$/);
    expect(await worker.request('ping', {})).to.deep.include({ type: 'pong' });
    expect(worker.crashed).to.equal(undefined);
    expect(folders()).to.deep.equal([]);
    await worker.close();
    expect(isRunning(pid)).to.equal(false);
    expect(await refusal(worker.request('ping', {}))).to.include({ code: 'E_STATE' });
    await worker.close();
  });

  it('answers each of many requests under its number', async () => {
    const worker = await start();
    const replies = await Promise.all(
      Array.from({ length: 50 }, async (_, k) =>
        k % 2 === 0 ? worker.request('ping', {}) : refusal(worker.request(`no-${k}`, {})),
      ),
    );
    replies.forEach((reply, k) => {
      if (reply instanceof SpiqError) expect(reply.message).to.contain(`received 'no-${k}'`);
      else expect(reply.type).to.equal('pong');
    });
    await worker.close();
  });

  it('that is killed fails what waits and what comes, with what it said last', async () => {
    const worker = await start();
    process.kill(worker.pid, 'SIGSTOP');
    const waiting = [refusal(worker.request('ping', {})), refusal(worker.request('ping', {}))];
    process.kill(worker.pid, 'SIGKILL');
    for (const error of await Promise.all(waiting)) {
      expect(error).to.include({ code: 'E_CRASH', signal: 'SIGKILL', retryable: true });
    }
    expect(worker.crashed).to.include({ code: 'E_CRASH' });
    expect(await refusal(worker.request('ping', {}))).to.equal(worker.crashed);
    await worker.close();
  });

  it('that dies of a signal says where, by the fault handler', async () => {
    const worker = await start();
    // Its packages take longer to load than the signal needs.
    const env = { kind: 'gymnasium', id: 'CartPole-v1', options: {} };
    const waiting = refusal(worker.request('env.make', { env, count: 1 }));
    process.kill(worker.pid, 'SIGSEGV');
    expect(await waiting).to.include({ code: 'E_CRASH', signal: 'SIGSEGV' });
    expect(await waiting)
      .to.have.property('stderrTail')
      .that.contains('Fatal Python error');
    await worker.close();
  });

  it('that does not answer in time is ended', async () => {
    const worker = await start();
    const { pid } = worker;
    process.kill(pid, 'SIGSTOP');
    const other = refusal(worker.request('ping', {}));
    const error = await refusal(worker.request('ping', {}, undefined, { deadlineMs: 200 }));
    expect(error).to.include({ code: 'E_TIMEOUT', retryable: true });
    expect(error.message).to.contain('within 200 ms');
    expect(await other).to.equal(error);
    expect(isRunning(pid)).to.equal(false);
    await worker.close();
  });

  it('is not blamed for the time in which this process was busy', async () => {
    const worker = await start();
    const answer = worker.request('ping', {}, undefined, { deadlineMs: 100 });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400);
    expect(await answer).to.include({ type: 'pong' });
    await worker.close();
  });

  it('goes on after it was stopped for some seconds', async function () {
    this.timeout(20_000);
    const worker = await start();
    process.kill(worker.pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 4000));
    const answer = worker.request('ping', {}, undefined, { deadlineMs: 5000 });
    process.kill(worker.pid, 'SIGCONT');
    expect(await answer).to.include({ type: 'pong' });
    await worker.close();
  });

  it('may be told that a call is no longer waited for', async () => {
    const worker = await start();
    const controller = new AbortController();
    process.kill(worker.pid, 'SIGSTOP');
    const waiting = refusal(worker.request('ping', {}, undefined, controller));
    controller.abort();
    expect(await waiting).to.include({ code: 'E_CANCELLED' });
    process.kill(worker.pid, 'SIGCONT');
    // The late answer is dropped.
    expect(await worker.request('ping', {})).to.include({ type: 'pong' });
    await worker.close();
  });

  it('is started anew by hand, in the same place', async () => {
    const worker = await start();
    const first = worker.pid;
    await worker.restart();
    expect(isRunning(first)).to.equal(false);
    expect(worker.pid).to.not.equal(first);
    expect(await worker.request('ping', {})).to.include({ type: 'pong' });
    await worker.close();
  });

  it('is started anew for calls that insist, and brought back before they go on', async () => {
    const seen: string[] = [];
    const worker = await start({
      onRestart: async (again, reason) => {
        seen.push(`${reason.code} ${(await again.request('ping', {})).type}`);
      },
    });
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      process.kill(worker.pid, signal);
      const ask = async (): Promise<string> => {
        seen.push('asked');
        return (await worker.request('ping', {})).type;
      };
      expect(await worker.insist(ask)).to.equal('pong');
    }
    expect(seen).to.deep.equal([
      'asked',
      'E_CRASH pong',
      'asked',
      'asked',
      'E_CRASH pong',
      'asked',
    ]);
    expect(worker.restarts).to.equal(2);
    await worker.close();
  });

  it('that is closed while it is started anew stays closed', async () => {
    const worker = await start();
    const { pid } = worker;
    process.kill(pid, 'SIGKILL');
    const waiting = refusal(worker.insist(async () => worker.request('ping', {})));
    await new Promise((resolve) => setTimeout(resolve, 350));
    await worker.close();
    expect(await waiting).to.include({ code: 'E_STATE' });
    expect(worker.pid === pid || !isRunning(worker.pid)).to.equal(true);
  });

  for (const greeting of ['newer', 'newer-header', 'stranger']) {
    it(`of another version is refused, and ended: ${greeting}`, async () => {
      const error = await withVariable('SPIQ_TEST_GREETING', greeting, async () =>
        refusal(start({ python: program('odd_worker.py') })),
      );
      expect(error).to.include({ code: 'E_VERSION' });
      expect(folders()).to.deep.equal([]);
    });
  }

  it('that talks nonsense is refused', async () => {
    const error = await withVariable('SPIQ_TEST_GREETING', 'noise', async () =>
      refusal(start({ python: program('odd_worker.py') })),
    );
    expect(error).to.include({ code: 'E_PROTOCOL' });
  });

  for (const [wrong, code, says] of [
    ['lets-go', 'E_CRASH', 'SIGKILL'],
    ['let-go-before', 'E_CRASH', 'SIGKILL'],
    ['babbles', 'E_PROTOCOL', 'frames on the line'],
  ] as const) {
    it(`that does wrong on the line is ended: ${wrong}`, async () => {
      const worker = await withVariable('SPIQ_TEST_GREETING', wrong, async () =>
        start({ python: program('odd_worker.py') }),
      );
      const error = await refusal(worker.request('ping', {}));
      expect(error).to.include({ code });
      expect(error.message).to.contain(says);
      expect(await timeToEnd(worker.pid, 2000)).to.be.lessThan(2000);
      await worker.close();
    });
  }

  it('takes small messages on the line and large ones on the socket, or all there if it has no line', async () => {
    for (const transport of ['ipc', 'tcp'] as const) {
      const worker = await start({ transport });
      expect(worker.welcome.line).to.equal(transport === 'ipc');
      for (const bytes of [0, 1000, mostLineBytes, 10 * mostLineBytes]) {
        const tensors = new Map([['x', new Uint8Array(bytes)]]);
        expect(await worker.request('ping', {}, tensors)).to.include({ type: 'pong' });
      }
      await worker.close();
    }
  });

  it('answers requests in their order, whichever way each would go alone', async () => {
    const worker = await start();
    const order: number[] = [];
    const sizes = [0, 1 << 23, 0, 1 << 23, 1 << 20, 0, 100, 1 << 22];
    for (const wanted of [sizes, sizes.toReversed()]) {
      await Promise.all(
        wanted.map(async (bytes, k) => {
          await worker.request('ping', {}, new Map([['x', new Uint8Array(bytes)]]));
          order.push(k);
        }),
      );
    }
    const once = [...sizes.keys()];
    expect(order).to.deep.equal([...once, ...once]);
    await worker.close();
  });

  it('needs a Python', async () => {
    const error = await refusal(start({ python: path.join(folder, 'no-python') }));
    expect(error).to.include({ code: 'E_NO_PYTHON' });
    expect(error.message).to.contain('ENOENT');
  });

  it('names the module that its Python lacks', async () => {
    writeFileSync(
      path.join(folder, 'zmq.py'),
      `raise ModuleNotFoundError("No module named 'zmq'")\n`,
    );
    const error = await withVariable('PYTHONPATH', folder, async () => refusal(start()));
    expect(error).to.include({ code: 'E_IMPORT', exitCode: 1 });
    expect(error.message).to.contain("No module named 'zmq'");
    rmSync(path.join(folder, 'zmq.py'));
  });

  it('keeps to its limit of memory', async () => {
    const worker = await start({ memoryBytes: 2 ** 32 });
    expect(await worker.request('ping', {})).to.include({ type: 'pong' });
    await worker.close();
    const error = await refusal(start({ memoryBytes: 2 ** 20 }));
    expect(error.code).to.be.oneOf(['E_CRASH', 'E_IMPORT']);
  });

  it('takes one client, and that one by its token', async () => {
    const worker = await start();
    const body = { protocol: [1, 1], client: 'spiq', token: 'a guess' };
    const error = await refusal(worker.request('hello', body));
    expect(error).to.include({ code: 'E_AUTH' });
    expect(error.message).to.contain('token of hello');
    await worker.close();
  });

  it('is not started once its signal has been aborted, or is ended in its start', async () => {
    const aborted = await refusal(start({ signal: AbortSignal.abort() }));
    expect(aborted).to.include({ code: 'E_CANCELLED' });
    const controller = new AbortController();
    const starting = refusal(start({ signal: controller.signal }));
    setTimeout(() => controller.abort(), 60);
    expect(await starting).to.include({ code: 'E_CANCELLED' });
  });

  it('that idles, or is closed, does not keep Node.js running', async () => {
    const module = path.join(repositoryRoot, 'dist', 'ts', 'wire', 'worker.js');
    for (const end of ['', 'await worker.close();']) {
      const text = `
        import { WorkerProcess } from ${JSON.stringify(module)};
        const worker = await WorkerProcess.start({ backend: 'env', python: ${JSON.stringify(python)} });
        await worker.request('ping', {});
        console.log(worker.pid);
        ${end}
      `;
      const { status, stdout, stderr } = spawnSync(
        process.execPath,
        ['--input-type=module', '--eval', text],
        { encoding: 'utf8', timeout: 10_000 },
      );
      expect(status, stderr).to.equal(0);
      expect(await timeToEnd(Number(stdout), 2000)).to.be.lessThan(2000);
    }
  });
});
