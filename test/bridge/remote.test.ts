import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { makeCurveKeys, type CurveFiles } from '../../ts/bridge/keys.js';
import { openBridge } from '../../ts/bridge/open.js';
import { freePort } from '../../ts/wire/endpoint.js';
import type { RemoteWorker } from '../../ts/wire/remote-life.js';
import type { CurveKeys } from '../../ts/wire/socket.js';
import { workerPath } from '../../ts/wire/python.js';
import { isRunning } from '../support/processes.js';
import { refusal } from '../support/refusal.js';
import { engineSuite } from './engines.js';
import { randomRows, smallNetwork } from './support.js';

const token = 'a token of the operator';

describe('a worker that runs elsewhere', function () {
  this.timeout(60_000);
  const suite = engineSuite('reference');
  let worker: ChildProcess;
  let endpoint: string;
  let files: CurveFiles;
  let keys: CurveKeys;

  before(async () => {
    files = await makeCurveKeys(path.join(suite.folder, 'keys'));
    keys = JSON.parse(readFileSync(files.clientKeys, 'utf8')) as CurveKeys;
    endpoint = `tcp://127.0.0.1:${await freePort()}`;
    const args = ['-m', 'spiq_worker', '--endpoint', endpoint, '--backend', 'reference'];
    args.push('--curve-keys', files.workerKeys, '--curve-clients', files.clients);
    const env = { ...process.env, PYTHONPATH: workerPath, SPIQ_WORKER_TOKEN: token };
    worker = spawn(suite.python, args, { env, stdio: 'inherit' });
  });
  after(async () => {
    if (worker.exitCode !== null) return;
    const ended = once(worker, 'exit');
    worker.kill('SIGKILL');
    await ended;
  });

  const open = async (remote: Partial<RemoteWorker>) =>
    openBridge({
      backend: 'reference',
      network: smallNetwork(),
      steps: 20,
      remote: { endpoint, token, curve: keys, ...remote },
    });

  it('has keys that their owner alone may read, and that are not overwritten', async () => {
    for (const file of [files.workerKeys, files.clients, files.clientKeys]) {
      expect(statSync(file).mode & 0o077).to.equal(0);
    }
    expect(await refusal(makeCurveKeys(files.folder))).to.include({ code: 'E_FILE' });
  });

  it('simulates for the client that has keys and token, one after the other', async () => {
    for (let time = 0; time < 2; time += 1) {
      const bridge = await open({});
      expect(bridge.selfTest).to.include({ neurons: 0 });
      expect((await bridge.run(randomRows(1, 3))).rows).to.equal(1);
      await bridge.close();
    }
    expect(isRunning(worker.pid!)).to.equal(true);
  });

  it('refuses a client that is not in its list', async () => {
    const { curveKeyPair } = await import('zeromq');
    const error = await refusal(open({ curve: { ...keys, ...curveKeyPair() } }));
    expect(error).to.include({ code: 'E_AUTH' });
    expect(error.message).to.contain("knows this client's key");
  });

  it('is refused where it is not the one whose key is known', async () => {
    const { curveKeyPair } = await import('zeromq');
    const { publicKey: serverKey } = curveKeyPair();
    const error = await refusal(open({ curve: { ...keys, serverKey } }));
    expect(error).to.include({ code: 'E_AUTH' });
  });

  it('refuses a client without keys', async () => {
    const remote = { endpoint, token };
    const network = smallNetwork();
    const error = await refusal(openBridge({ backend: 'reference', network, remote }));
    expect(error).to.include({ code: 'E_AUTH' });
    expect(error.message).to.contain('keys of the worker process');
  });

  it('refuses another token', async () => {
    expect(await refusal(open({ token: 'a guess' }))).to.include({ code: 'E_AUTH' });
  });
});
