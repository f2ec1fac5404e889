export { learningCurves, defaultFields } from './curves.js';
export type { Curve, CurveOptions, CurvePanel, Curves } from './curves.js';
export { bands } from './merge.js';
export type { Band, CurvePoint } from './merge.js';
export { readSources } from './sources.js';
export type { CurveSource, Grouping, SourceOptions } from './sources.js';
