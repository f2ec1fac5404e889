import { demoReport } from '../../ts/demo/report.js';
import { itFitsBrowsers } from './browser.js';
import { sampleResult } from './sample.js';

describe('the report in a browser', function () {
  this.timeout(60_000);
  itFitsBrowsers({ html: () => demoReport(sampleResult()), figures: 4, tables: 3 });
});
