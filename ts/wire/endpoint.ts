import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import type { Transport } from './backends.js';
import { PrivateFolder } from './folder.js';

/** Where a worker is to bind. */
export interface Endpoint {
  readonly address: string;
  /** To be called once both ends are open. */
  release(): void;
}

export async function openEndpoint(transport: Transport): Promise<Endpoint> {
  if (transport === 'tcp') {
    return { address: `tcp://127.0.0.1:${await freePort()}`, release: () => undefined };
  }
  const folder = PrivateFolder.temporary();
  return {
    address: `ipc://${path.join(folder.path, 'w.sock')}`,
    release: () => {
      folder.remove();
    },
  };
}

/** Another process may take the port before the worker does: then the worker ends, and is started again elsewhere. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
