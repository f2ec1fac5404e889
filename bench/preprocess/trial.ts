import { runOneTrial } from '../compare/child-trial.js';
import { runTrial } from './run-trial.js';
import { preprocessUnit, trials } from './trials.js';

await runOneTrial(trials, () => preprocessUnit, runTrial);
