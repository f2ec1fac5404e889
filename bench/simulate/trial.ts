import { runOneTrial } from '../compare/child-trial.js';
import { runTrial, unit } from './run-trial.js';
import { trials } from './trials.js';

await runOneTrial(trials, () => unit, runTrial);
