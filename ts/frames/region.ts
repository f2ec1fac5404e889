import { mismatch } from '../errors.js';
import { addon, translate, translated } from '../native.js';
import type { NativeFrameRegion } from '../native.js';

/**
 * A file in the address space of this process, which another one writes frames to: one that is there, by its path, or one
 * open for reading and writing, by its file descriptor, which may be closed afterwards. It is made `bytes` long, with room
 * on the disk for all of them.
 */
export class FrameRegion {
  readonly bytes: number;
  readonly #native: NativeFrameRegion;

  constructor(file: string | number, bytes: number) {
    this.#native = translated(() => new (addon().FrameRegion)(file, bytes));
    this.bytes = bytes;
  }

  /** As many bytes as `into` has, from byte `offset` on. */
  read<T extends Uint8Array>(offset: number, into: T): T {
    try {
      this.#native.read(offset, into);
    } catch (error) {
      throw translate(error);
    }
    return into;
  }

  /** Gives the memory back; every later call but this one is refused. The file stays. */
  close(): void {
    translated(() => {
      this.#native.close();
    });
  }

  /** The native handle, for the other classes of the façade. */
  static nativeOf(region: FrameRegion): NativeFrameRegion {
    if (
      typeof (region as unknown) !== 'object' ||
      (region as unknown) === null ||
      !(#native in region)
    )
      throw mismatch('E_ARGUMENT', 'region', 'a FrameRegion', region);
    return region.#native;
  }
}
