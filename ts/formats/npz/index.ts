export type { Dtype, NpyData } from './dtype.js';
export { readNpy, writeNpy } from './npy.js';
export type { NpyArray } from './npy.js';
export { Npz, isZip, listKeys, readNpz, readNpzFile, writeNpz } from './npz.js';
export type { NpzEntries, WriteOptions } from './npz.js';
export { selectArray } from './select.js';
export { toFloat32, toFloat64 } from './convert.js';
export type { Converted } from './convert.js';
