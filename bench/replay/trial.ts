import { runOneTrial } from '../compare/child-trial.js';
import { runTrial } from './run-trial.js';
import { replayUnit, trials } from './trials.js';

await runOneTrial(trials, () => replayUnit, runTrial);
