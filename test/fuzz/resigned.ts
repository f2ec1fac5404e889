/** FNV-1a over words of 8 bytes as native/core/plan/fingerprint.cc has it, so that damage gets past the checksum. */
export function resigned(bytes: Uint8Array): Uint8Array {
  const signed = Uint8Array.from(bytes);
  const view = new DataView(signed.buffer);
  const prime = 0x100000001b3n;
  const end = signed.length - 8;
  let hash = 0xcbf29ce484222325n;
  let at = 0;
  for (; at + 8 <= end; at += 8) {
    hash = BigInt.asUintN(64, (hash ^ view.getBigUint64(at, true)) * prime);
    hash ^= hash >> 32n;
  }
  for (; at < end; at += 1) hash = BigInt.asUintN(64, (hash ^ BigInt(signed[at]!)) * prime);
  view.setBigUint64(end, hash, true);
  return signed;
}
