/** `import … from 'spiq/report'`: apart from the main entry, since the drawing library takes half a second to load. */
export { renderReport } from './render.js';
export type { Block, Figure, Report } from './report.js';
export type { Chart } from './chart.js';
export { demoReport } from '../demo/report.js';
export { comparisonReport } from '../analysis/page.js';
export type { ComparisonAbout } from '../analysis/page.js';
export { curvesPage, curvesSvg } from '../plot/page.js';
export type { CurvesAbout } from '../plot/page.js';
