/** The similarities of one network in a process of its own: `node similarity.js NET FIXTURES [--quick]`. */
import process from 'node:process';
import { Calibration } from '../../ts/convert/index.js';
import { loadCase, methodCases, nameOf, netNames, similarityTo, stepsTried } from './cases.js';
import type { NetName } from './cases.js';

export interface SimilarityOutcome {
  readonly net: string;
  readonly method: string;
  /** By T: the share of rows with the float network's action, and the seconds of the conversion. */
  readonly similarity: Readonly<Record<number, number>>;
  readonly seconds: Readonly<Record<number, number>>;
}

const [net, fixtures] = process.argv.slice(2) as [NetName, string];
if (!netNames.includes(net)) throw new Error(`no network '${net}'`);
const quick = process.argv.includes('--quick');
const known = await loadCase(fixtures, net);
const [some, all] = [new Calibration(known.network), new Calibration(known.network)];
await some.add(known.calibration);
await all.add(known.rows);

const outcomes: SimilarityOutcome[] = [];
for (const each of quick ? methodCases.filter(({ method }) => method !== 'tuned') : methodCases) {
  const { method, burst = 1, seesAll = false, most = Infinity } = each;
  const similarity: Record<number, number> = {};
  const seconds: Record<number, number> = {};
  for (const steps of quick ? [10] : stepsTried.filter((tried) => tried <= most)) {
    const begin = performance.now();
    const spiking = await (seesAll ? all : some).convert({ method, steps, burst });
    seconds[steps] = (performance.now() - begin) / 1000;
    similarity[steps] = await similarityTo(known, spiking, steps);
  }
  outcomes.push({ net, method: nameOf(each), similarity, seconds });
}
process.stdout.write(JSON.stringify(outcomes));
