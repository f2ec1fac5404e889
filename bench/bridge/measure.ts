/** One part in a process of its own: `node measure.js loops|steadiness|agreement|thesis [--quick]`. */
import process from 'node:process';
import { fullRace, quickRace } from '../race.js';
import { measureAgreement, type Agreement } from './agreement.js';
import { raceLoop } from './loops.js';
import { playThesis } from './play.js';
import { measureSteadiness } from './steadiness.js';
import { cartPole, convolution, patel } from './subject.js';

const given = (name: string): string => {
  const value = process.env[name];
  if (value === undefined)
    throw new Error(`${name} is not set: see npm run bench:bridge -- --help`);
  return value;
};
const fixtures = given('SPIQ_FIXTURES');
const python = given('SPIQ_PYTHON_NEST');
const quick = process.argv.includes('--quick');
const race = quick ? quickRace : { ...fullRace, sample: 0.5 };
const [closedLoopSteps, quickSteps] = [20_000, 400];

async function measure(what: string): Promise<unknown> {
  if (what === 'thesis') {
    const pythons = { nest: python, spinnaker: given('SPIQ_PYTHON_SPINNAKER') };
    return playThesis(fixtures, pythons, quick);
  }
  const subject = await cartPole(fixtures);
  if (what === 'steadiness') {
    return measureSteadiness(subject, python, quick ? quickSteps : closedLoopSteps);
  }
  if (what === 'loops') {
    const one = await raceLoop('one', subject, [1], python, race);
    return [...one, ...(await raceLoop('many', subject, [8, 16, 32], python, race))];
  }
  const agreements: Agreement[] = [];
  for (const each of quick ? [] : [subject, patel(), await convolution(fixtures)]) {
    agreements.push(...(await measureAgreement(each, python)));
  }
  return agreements;
}

process.stdout.write(JSON.stringify(await measure(process.argv[2]!)));
