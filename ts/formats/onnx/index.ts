export { exportOnnx } from './export.js';
export type { ExportOptions } from './export.js';
export { importOnnx, importOnnxBytes, parseOnnx } from './import.js';
export type { ImportOptions, ImportedOnnx, ParseOptions, ParsedOnnx } from './import.js';
export { checkAgainstOnnxRuntime } from './oracle.js';
export type { Forward, LayerDeviation, OracleCheck, OracleOptions } from './oracle.js';
export type { OutputDeviation } from './compare.js';
export type { OutputTail } from './translate.js';
