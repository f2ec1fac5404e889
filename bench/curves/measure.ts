import { Network } from '../../ts/network.js';
import { Simulator } from '../../ts/simulator.js';
import { localContender, race } from '../race.js';
import type { RaceOptions } from '../race.js';
import { infer } from '../simulate/infer.js';
import { fitLine, spreadOf } from '../statistics.js';
import type { Curve } from './cases.js';

export interface CurveResult {
  readonly against: string;
  readonly name: string;
  readonly expected: 'line' | 'level';
  /** Seconds of a call, medians. */
  readonly points: readonly (readonly [x: number, seconds: number])[];
  /** Largest distance from the fitted line, as a share of the largest cost. */
  readonly deviation: number;
  /** Cost at the last point over cost at the first. */
  readonly growth: number;
}

/** The points of a curve take turns, so that a slow minute of the machine does not bend it. */
export async function measureCurve(curve: Curve, options: RaceOptions): Promise<CurveResult> {
  const contenders = curve.xs.map((x) => {
    const { graph, observations, steps, threads, batch } = curve.run(x);
    const simulator = new Simulator(Network.fromGraph(graph), { steps, threads, epsilon: 0 });
    const out = new Float32Array(batch * simulator.outputSize);
    return localContender(String(x), () => infer(simulator, observations, out));
  });
  const { samples, failures } = await race(contenders, options);
  if (failures.size > 0) throw new Error([...failures.values()][0]);
  const points = curve.xs.map((x) => [x, spreadOf(samples.get(String(x))!).median] as const);
  const { against, name, expected } = curve;
  const { deviation } = fitLine(points);
  return { against, name, expected, points, deviation, growth: points.at(-1)![1] / points[0]![1] };
}
