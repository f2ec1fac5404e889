import { closeSync, openSync, readSync } from 'node:fs';
import { mismatch, phrase } from '../errors.js';
import { writePiecesAtomically } from '../formats/atomic.js';
import { fileError } from '../formats/files.js';
import { translated } from '../native.js';
import type { NativeReplay } from '../native.js';

// A saved memory is its blocks, each behind its length in 8 bytes, little-endian.
const lengthBytes = 8;
/** A block holds four megabytes of rows, or one row if that is larger. */
const mostBlockBytes = 2 ** 32;

function* pieces(native: NativeReplay): Generator<Uint8Array> {
  const count = translated(() => native.saveBlocks());
  for (let number = 0; number < count; number += 1) {
    const block = translated(() => native.saveBlock(number));
    const length = new Uint8Array(lengthBytes);
    new DataView(length.buffer).setBigUint64(0, BigInt(block.length), true);
    yield length;
    yield block;
  }
}

export function saveBytes(native: NativeReplay): Uint8Array {
  const parts = [...pieces(native)];
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

export function saveFile(native: NativeReplay, path: string): void {
  writePiecesAtomically(path, pieces(native));
}

/** Blocks of a saved memory: `read` gives the next bytes, fewer at the end. */
export function restoreBlocks(native: NativeReplay, read: (count: number) => Uint8Array): void {
  let block = nextBlock(read);
  if (block === undefined) throw damaged('none at all');
  while (block !== undefined) {
    const current = block;
    block = nextBlock(read);
    const last = block === undefined;
    translated(() => {
      native.restoreBlock(current, last);
    });
  }
}

export function bytesReader(bytes: Uint8Array): (count: number) => Uint8Array {
  let at = 0;
  return (count) => {
    const part = bytes.subarray(at, at + count);
    at += part.length;
    return part;
  };
}

export function withFileReader(path: string, use: (read: (count: number) => Uint8Array) => void) {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (cause) {
    throw fileError(path, 'read', cause);
  }
  try {
    use((count) => readUpTo(file, path, count));
  } finally {
    closeSync(file);
  }
}

function readUpTo(file: number, path: string, count: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  // A length that was damaged must not ask for memory that the file has no bytes for.
  const chunkBytes = 2 ** 24;
  let missing = count;
  while (missing > 0) {
    const chunk = new Uint8Array(Math.min(missing, chunkBytes));
    let read: number;
    try {
      read = readSync(file, chunk);
    } catch (cause) {
      throw fileError(path, 'read', cause);
    }
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    missing -= read;
  }
  return chunks.length === 1 ? chunks[0]! : new Uint8Array(Buffer.concat(chunks));
}

function nextBlock(read: (count: number) => Uint8Array): Uint8Array | undefined {
  const length = read(lengthBytes);
  if (length.length === 0) return undefined;
  if (length.length < lengthBytes) throw damaged('some that are cut off');
  const count = Number(new DataView(length.buffer, length.byteOffset).getBigUint64(0, true));
  if (count > mostBlockBytes) throw damaged('a block of impossible length');
  const block = read(count);
  if (block.length < count) throw damaged('some that are cut off');
  return block;
}

function damaged(received: string) {
  return mismatch('E_FORMAT', 'state of a replay', 'bytes that save() has given', phrase(received));
}
