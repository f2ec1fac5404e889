import type { Readable } from 'node:stream';

const mostBytes = 64 * 1024;

/** The last 64 KiB of what a process wrote. */
export class OutputTail {
  #chunks: Buffer[] = [];
  #bytes = 0;

  watch(stream: Readable): void {
    stream.on('data', (chunk: Buffer) => {
      this.#chunks.push(chunk);
      this.#bytes += chunk.length;
      if (this.#bytes > 2 * mostBytes) this.#trim();
    });
  }

  get text(): string {
    this.#trim();
    return Buffer.concat(this.#chunks).toString('utf8');
  }

  #trim(): void {
    const all = Buffer.concat(this.#chunks);
    const last = all.subarray(Math.max(0, all.length - mostBytes));
    this.#chunks = [last];
    this.#bytes = last.length;
  }
}
