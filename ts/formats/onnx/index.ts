export { exportOnnx } from './export.js';
export type { ExportOptions } from './export.js';
export { importOnnx, importOnnxBytes, parseOnnx } from './import.js';
export type { ImportOptions, ImportedOnnx, ParsedOnnx } from './import.js';
export { checkAgainstOnnxRuntime } from './oracle.js';
export type { Forward, OracleCheck, OracleOptions } from './oracle.js';
export type { OutputDeviation } from './compare.js';
