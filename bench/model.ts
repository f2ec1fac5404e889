import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { readDqnParameters } from '../ts/agent/dqn-parameters.js';
import type { DqnParameters } from '../ts/agent/dqn-parameters.js';
import { writeFileAtomically } from '../ts/formats/atomic.js';
import type { ConversionMethod } from '../ts/convert/index.js';
import { openArena } from '../ts/experiments/arena.js';
import { Network } from '../ts/network.js';
import { mismatch } from '../ts/errors.js';
import { readRun } from '../ts/run/index.js';
import { simulationOf } from '../ts/agent/trainer-options.js';
import { trainingCommand } from './model/command.js';
import { keptNetwork } from './model/kept-network.js';
import { calibrated, scoreConverted, scorePlain } from './model/scores.js';
import type { Conversion, ConvertedScore } from './model/scores.js';

const usage = `npm run model -- --run FOLDER --name NAME [--which chosen] [--times 50,100,100x8] [--method potentials]
                     [--percentile P] [--calibration 20] [--episodes 100] [--threads 1] [--about TEXT] [--out models]

Puts a network of a run, ended or not, into models/ in half precision, plays it as it lies there, converts it and plays
that too, and writes its recipe beside it. 100x8h2 are 100 steps with
bursts of up to eight spikes in each, and scales of twice what calibration saw.`;

/** Makes a model that comes with spiq out of a run. */
export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      run: { type: 'string' },
      name: { type: 'string' },
      which: { type: 'string', default: 'validated' },
      about: { type: 'string', default: '' },
      episodes: { type: 'string', default: '100' },
      times: { type: 'string', default: '100' },
      method: { type: 'string', default: 'potentials' },
      percentile: { type: 'string' },
      calibration: { type: 'string', default: '20' },
      threads: { type: 'string', default: '1' },
      out: { type: 'string', default: 'models' },
      help: { type: 'boolean', default: false },
    },
  });
  const { run: folder, name } = values;
  if (values.help || folder === undefined || name === undefined) {
    process.stdout.write(`${usage}\n`);
    return values.help ? 0 : 2;
  }
  const { config, metrics } = readRun(folder);
  const parameters = readDqnParameters(config.parameters);
  const { network: trained, steps, seconds } = keptNetwork(folder, values.which);
  const file = path.join(values.out, `${name}.npz`);
  trained.save(file, { weights: 'float16' });
  // Its scores are those of the file as it lies there.
  const network = await Network.load(file);
  const options = { episodes: Number(values.episodes), threads: Number(values.threads) };
  const arena = await openArena(
    { ...parameters, validateEpisodes: options.episodes },
    { install: true },
  );
  const say = (text: string): void => void process.stderr.write(`${text}\n`);
  try {
    const actions = arena.random.environment.actionSpace.names ?? [];
    const score = await scorePlain(network, parameters, arena.scoring, options);
    say(`${name}: ${score.mean.toFixed(2)} (${score.std!.toFixed(2)})`);
    const times = values.times === '' || parameters.spiking ? [] : values.times.split(',');
    const converted: ConvertedScore[] = [];
    if (times.length > 0) {
      const seen = { ...options, episodes: Number(values.calibration) };
      const calibration = await calibrated(network, parameters, arena, seen);
      for (const time of times) {
        const conversion = conversionOf(time, values);
        const one = await scoreConverted(calibration, conversion, parameters, arena, options);
        const { mean, std, similarity } = one;
        say(`T=${time}: ${mean.toFixed(2)} (${std!.toFixed(2)}), similarity ${similarity}`);
        converted.push(one);
      }
    }
    const recipe = {
      format: 'spiq-model',
      version: 1,
      about: values.about,
      network: path.basename(file),
      environment: environmentOf(parameters),
      actions,
      play: {
        epsilon: parameters.testEpsilon,
        ...(parameters.spiking && { simulation: simulationOf(parameters) }),
      },
      training: {
        command: trainingCommand(folder, config, parameters),
        steps,
        frames: steps * parameters.frameSkip,
        hours: Number((seconds / 3600).toFixed(2)),
        machine: config.machine,
        parameters,
      },
      score,
      ...(converted.length > 0 && { converted }),
      curve: curveOf(metrics),
    };
    const text = `${withFlatLists(JSON.stringify(recipe, null, 2))}\n`;
    writeFileAtomically(path.join(values.out, `${name}.json`), new TextEncoder().encode(text));
  } finally {
    await arena.close();
  }
  return 0;
}

/** 100 steps, 100x8 with bursts, 100h1.5 with a headroom, or both. */
function conversionOf(
  time: string,
  { method, percentile }: { readonly method: string; readonly percentile?: string | undefined },
): Conversion {
  const [, steps, burst = 1, headroom = 1] = /^(\d+)(?:x(\d+))?(?:h([\d.]+))?$/.exec(time) ?? [];
  if (steps === undefined)
    throw mismatch('E_USAGE', '--times', 'such as 100, 100x8, 100h1.5', time);
  return {
    method: method as ConversionMethod,
    ...(percentile !== undefined && { percentile: Number(percentile) }),
    headroom: Number(headroom),
    steps: Number(steps),
    burst: Number(burst),
  };
}

/** Lists of numbers in one line. */
function withFlatLists(json: string): string {
  return json.replaceAll(/\[[-+.,\de\s]+\]/g, (list) => list.replaceAll(/\s+/g, ' '));
}

function environmentOf(parameters: DqnParameters): object {
  const { environment: name, view, frames: history, frameSkip, stickyActions } = parameters;
  const { noopsLeast: least, noopsMost: most, fullActions, validateSteps: maxSteps } = parameters;
  const noops = { least, most };
  return { name, view, history, frameSkip, stickyActions, noops, fullActions, maxSteps };
}

/** Validations while it was trained. */
function curveOf(metrics: ReturnType<typeof readRun>['metrics']): object[] {
  const [phases, steps, returns] = [
    metrics.strings('phase'),
    metrics.numbers('total_train_steps'),
    metrics.numbers('average_reward'),
  ];
  return phases.flatMap((phase, row) =>
    phase === 'test' ? [{ steps: steps[row], return: returns[row] }] : [],
  );
}
