import { mismatch, phrase } from '../errors.js';
import type { RequestOptions, WireClient } from './client.js';
import { protocolVersion, type WireBody } from './message.js';

/** The first message: what the worker says of itself, if it takes the token. */
export async function greet(
  client: WireClient,
  token: string,
  options: RequestOptions,
): Promise<WireBody> {
  const body = { protocol: [1, protocolVersion], client: 'spiq', token };
  const { type, body: welcome } = await client.request('hello', body, undefined, options);
  if (type === 'welcome' && welcome.protocol === protocolVersion) return welcome;
  const came = phrase(`${type} ${String(welcome.protocol)}`);
  throw mismatch('E_VERSION', 'protocol of the worker', `version ${protocolVersion}`, came);
}
