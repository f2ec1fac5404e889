import { cpus } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { evaluate } from '../agent/evaluate.js';
import { argmaxRows } from '../agent/argmax.js';
import { floatPolicy, spikingPolicy } from '../agent/policies.js';
import { convert, methods } from '../convert/index.js';
import { CartPole } from '../env/cart-pole.js';
import { SpiqError } from '../errors.js';
import { readNpzFile, selectArray, toFloat32 } from '../formats/npz/index.js';
import { onnxRuntimeVersion } from '../formats/onnx/runtime-version.js';
import { engineInfo } from '../info.js';
import { Network } from '../network.js';
import { Simulator } from '../simulator.js';
import type { DemoResult, DemoTraining } from './result.js';
import { trainForDemo } from './train.js';

/** A network and what it sees. */
export interface DemoFiles {
  readonly network: string;
  readonly calibration: string;
}

export interface DemoOptions {
  /** In place of a network that is trained. */
  readonly given?: DemoFiles;
  /** Where a network that is trained goes. */
  readonly folder: string;
  readonly episodes: number;
  readonly seed: number;
  readonly steps: number;
  readonly threads?: number;
  readonly signal: AbortSignal;
  /** Told what is being done, and how far it is. */
  readonly onStage: (stage: string) => void;
  readonly onProgress: (done: number, total: number) => void;
}

const maxSteps = 500;
const method = 'channel-percentile';
const { percentile } = methods[method];
/** The conversion that the published semantics were published with. */
const published = { method: 'robust', percentile: 0.99 } as const;
const agreementSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000];
const activityRows = 200;

/** The whole path on CartPole: import, convert, simulate, play, measure. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const { signal, onProgress, onStage, seed, steps } = options;
  const threads = options.threads === undefined ? {} : { threads: options.threads };
  if (!options.given) onStage('train');
  const files: DemoFiles & { readonly training?: DemoTraining } =
    options.given ?? (await trainForDemo(options));

  onStage('import');
  const network = await Network.load(files.network);
  const calibration = toFloat32(selectArray(readNpzFile(files.calibration))).data;
  const rows = calibration.length / network.inputSize;

  onStage('convert');
  const given = { calibration, signal, ...threads };
  const spiking = await convert(network, { method, ...given });
  const networks = { direct: spiking, dsqn: await convert(network, { ...published, ...given }) };
  const simulator = new Simulator(spiking, { steps, ...threads });

  onStage('play');
  const float = floatPolicy(network, threads);
  const spikes = spikingPolicy(simulator, seed);
  const play = {
    environment: () => new CartPole({ maxSteps }),
    episodes: options.episodes,
    seed,
    signal,
    onProgress: ({ finished, episodes }: { finished: number; episodes: number }) => {
      onProgress(finished, episodes);
    },
  };
  const floatPlay = await evaluate({ ...play, act: float.act });
  const spikingPlay = await evaluate({ ...play, act: spikes.act, compareWith: float.act });

  onStage('accuracy against simulation time');
  const wanted = argmaxRows(await network.forward(calibration), rows);
  const curves = [];
  for (const semantics of ['direct', 'dsqn'] as const) {
    const points = [];
    for (const [index, time] of agreementSteps.entries()) {
      const { out } = await new Simulator(networks[semantics], {
        semantics,
        steps: time,
        ...threads,
      }).run(calibration, { signal });
      const actions = argmaxRows(out, rows);
      const equal = actions.reduce(
        (count, action, row) => count + (action === wanted[row] ? 1 : 0),
        0,
      );
      points.push({ steps: time, share: equal / rows });
      onProgress(index + 1, agreementSteps.length);
    }
    curves.push({ semantics, points });
  }

  onStage('spikes');
  const info = engineInfo();
  return {
    ...(files.training && { training: files.training }),
    network: {
      file: shown(files.network),
      units: [network.inputSize, ...simulator.layers.map(({ units }) => units)],
      parameters: countParameters(network),
      check: verified(network),
    },
    conversion: {
      method,
      percentile,
      calibrationRows: spiking.graph.conversion!.calibrationRows!,
      layers: spiking.graph.conversion!.scale.map((scale, layer) => ({
        name: simulator.layers[layer]!.name,
        units: simulator.layers[layer]!.units,
        scale,
      })),
    },
    simulation: {
      semantics: 'direct',
      steps,
      encoding: 'constant',
      decoding: 'potential',
      spikesPerObservation: spikes.spikes() / spikingPlay.steps,
    },
    play: {
      environment: 'CartPole-v1',
      maxSteps,
      seed,
      float: floatPlay,
      spiking: { ...spikingPlay, similarity: spikingPlay.similarity! },
    },
    agreement: { observations: rows, curves },
    activity: activityOf(simulator, calibration),
    raster: rasterOf(simulator, network, calibration.slice(0, network.inputSize)),
    commands: commandsOf(files, steps),
    machine: {
      cpu: cpus()[0]?.model.trim() ?? 'unknown',
      threads: options.threads ?? info.threads,
      isa: process.env.SPIQ_ISA ?? info.isas.at(-1)!,
      nodeVersion: process.version,
      spiqVersion: info.version,
      date: new Date().toISOString(),
    },
  };
}

function countParameters({ graph }: Network): number {
  return graph.nodes.reduce(
    (sum, node) =>
      'weight' in node ? sum + node.weight.data.length + (node.bias?.data.length ?? 0) : sum,
    0,
  );
}

function verified(network: Network): DemoResult['network']['check'] {
  const check = network.origin?.check;
  if (check?.status !== 'verified') {
    throw new SpiqError(
      'E_ENVIRONMENT',
      `the demonstration needs onnxruntime: ${check?.reason ?? 'no check was made'}`,
    );
  }
  return {
    observations: check.rows,
    largestDeviation: check.largestDeviation,
    runtimeVersion: onnxRuntimeVersion() ?? 'unknown',
  };
}

/** Spikes of each layer in each step, mean over some of the observations. */
function activityOf(simulator: Simulator, observations: Float32Array): DemoResult['activity'] {
  const size = simulator.observationSize;
  const count = Math.min(activityRows, observations.length / size);
  const { traces } = simulator.runSync(observations.subarray(0, count * size), {
    record: { trace: true },
  });
  const firing = simulator.layers.flatMap((layer, index) =>
    layer.fires ? [{ layer, spikes: traces![index]!.spikes }] : [],
  );
  return {
    observations: count,
    layers: firing.map(({ layer, spikes }) => {
      const perStep = count * layer.units;
      const spikesPerStep = Array.from({ length: spikes.length / perStep }, (_, step) => {
        const inStep = spikes.subarray(step * perStep, (step + 1) * perStep);
        return inStep.reduce((sum, fired) => sum + fired, 0) / count;
      });
      return { name: layer.name, spikesPerStep };
    }),
  };
}

function rasterOf(
  simulator: Simulator,
  network: Network,
  observation: Float32Array,
): DemoResult['raster'] {
  const { out, traces } = simulator.runSync(observation, { record: { trace: true } });
  const firing = simulator.layers.flatMap((layer, index) =>
    layer.fires ? [{ layer, trace: traces![index]! }] : [],
  );
  return {
    observation: Array.from(observation),
    floatAction: argmaxRows(network.forwardSync(observation), 1)[0]!,
    spikingAction: argmaxRows(out, 1)[0]!,
    layers: firing.map(({ layer, trace }) => ({
      name: layer.name,
      neurons: layer.units,
      spikes: Array.from(trace.spikes.entries())
        .filter(([, fired]) => fired !== 0)
        .map(([at]): [number, number] => [Math.floor(at / layer.units), at % layer.units]),
    })),
  };
}

/** As it is typed from here. */
function shown(file: string): string {
  return path.relative(process.cwd(), file);
}

function commandsOf(files: DemoFiles, steps: number): DemoResult['commands'] {
  const [shownNetwork, shownCalibration] = [shown(files.network), shown(files.calibration)];
  return [
    { purpose: 'Train networks', command: 'npx spiq train cart-pole-dqn --seeds 5' },
    {
      purpose: 'Convert the network',
      command: `npx spiq convert ${shownNetwork} --method ${method} --calibration ${shownCalibration} -o snn.npz`,
    },
    {
      purpose: 'Simulate it on recorded observations',
      command: `npx spiq simulate snn.npz --obs ${shownCalibration} -T ${steps} -o result.npz`,
    },
    {
      purpose: 'Let it play',
      command: `npx spiq test snn.npz --compare ${shownNetwork} -T ${steps} --episodes 100`,
    },
    { purpose: 'See what this machine can do', command: 'npx spiq doctor' },
  ];
}
