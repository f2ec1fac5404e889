/** One comparison in a process of its own: `node case.js NAME [--quick]`. Prints one JSON object. */
import process from 'node:process';
import * as ort from 'onnxruntime-node';
import { Random } from '../../ts/env/random.js';
import { Network } from '../../ts/network.js';
import { awaitedContender, fullRace, localContender, quickRace, race } from '../race.js';
import { chainGraph, drawLayers, drawUniform } from '../simulate/network.js';
import { elements, nets } from '../simulate/nets.js';
import { singleCallRows } from '../simulate/trials.js';
import { spreadOf } from '../statistics.js';
import { forwardCases } from './cases.js';
import type { ForwardOutcome } from './cases.js';
import { inputName, onnxFile, outputName } from './onnx-file.js';

const tolerance = 1e-4;

const chosen = forwardCases.find(({ name }) => name === process.argv[2]);
if (chosen === undefined) throw new Error(`no case '${process.argv[2] ?? ''}'`);
const { name, net, batch, threads } = chosen;
const { input } = nets[net];
const random = new Random(1);
const layers = drawLayers(nets[net], random);
const width = elements(input);
const batches = Array.from({ length: Math.ceil(singleCallRows / batch) }, () =>
  drawUniform(random, batch * width, 0, 1),
);

const network = Network.fromGraph(chainGraph(input, layers, 'float'));
const session = await ort.InferenceSession.create(onnxFile(input, layers), {
  intraOpNumThreads: threads,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
});
const feeds = batches.map((data) => ({
  [inputName]: new ort.Tensor('float32', data, [batch, ...input]),
}));
const runOnnx = async (index: number): Promise<Float32Array> =>
  (await session.run(feeds[index]!))[outputName]!.data as Float32Array;

const ours = network.forwardSync(batches[0]!, { threads });
const theirs = await runOnnx(0);
const largestDeviation = Math.max(...theirs.map((value, i) => Math.abs(value - ours[i]!)));
if (ours.length !== theirs.length || !(largestDeviation <= tolerance)) {
  throw new Error(`${name}: outputs differ from onnxruntime's by ${largestDeviation}`);
}

let next = 0;
let read = 0;
const advance = (value: number): void => {
  next = (next + 1) % batches.length;
  read += value;
};
const options = { threads };
const onnxContender = awaitedContender('onnxruntime', async () => {
  advance((await runOnnx(next))[0]!);
});
const spiqContender = localContender('spiq', () => {
  advance(network.forwardSync(batches[next]!, options)[0]!);
});
const { samples, failures } = await race(
  [spiqContender, onnxContender],
  process.argv.includes('--quick') ? quickRace : fullRace,
);
if (failures.size > 0 || Number.isNaN(read)) throw new Error([...failures].join(' '));
const microseconds = (who: string): number => spreadOf(samples.get(who)!).median * 1e6;
const [spiq, onnxruntime] = [microseconds('spiq'), microseconds('onnxruntime')];
const outcome: ForwardOutcome = {
  name,
  spiq,
  onnxruntime,
  ratio: onnxruntime / spiq,
  largestDeviation,
};
process.stdout.write(JSON.stringify(outcome));
