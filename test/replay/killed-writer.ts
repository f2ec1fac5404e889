import { writeSync } from 'node:fs';
import { Replay } from '../../ts/index.js';
import { killedOptions, observationOf, stepOf } from './killed-content.js';

// A process that writes rows until it is killed, and says after each batch of them how many there are.
const [file = ''] = process.argv.slice(2);
const replay = new Replay({ ...killedOptions, file });
writeSync(1, `${replay.observations}\n`);
for (let row = replay.observations; ; row += 1) {
  const step = stepOf(row);
  if (step === undefined) replay.begin(observationOf(row));
  else replay.add(step.action, step.reward, observationOf(row), step.outcome);
  if (row % 997 === 0) replay.flush();
  if (row % 16 === 0) writeSync(1, `${replay.observations}\n`);
}
