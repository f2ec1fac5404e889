import { runOneTrial } from '../compare/child-trial.js';
import { runTrial } from './run-trial.js';
import { trials, unitOf } from './trials.js';

await runOneTrial(trials, unitOf, runTrial);
