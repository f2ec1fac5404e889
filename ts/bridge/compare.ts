import { checkNames, rowsOf } from '../check.js';
import { mismatch } from '../errors.js';
import { bridgeBackends, type BackendOptions, type BridgeBackendName } from './backends.js';
import { differencesBetween, type Differences, type Outcome } from './differences.js';
import { firingLayers } from './model.js';
import { openBridge } from './open.js';
import { modelOptionNames, modelOptionsOf, type BridgeSubject } from './options.js';
import { runOwn } from './own-engine.js';
import { originalProtocol, originalProtocols, type OriginalProtocol } from './protocols.js';
import { backendTraits } from './traits.js';
import { translate } from './translate.js';

/** spiq's own simulator, in double and in single precision. */
export const ownEngines = ['spiq', 'spiq-float32'] as const;
/** `original-nest` and `original-pynn` are the published agents' ways to NEST and PyNN. */
export type EngineName = (typeof ownEngines)[number] | BridgeBackendName | OriginalProtocol;
export const engineNames: readonly EngineName[] = [
  ...ownEngines,
  ...bridgeBackends,
  ...originalProtocols,
];

export interface CompareBackendsOptions extends BridgeSubject {
  /** The first is what the others are compared with. */
  readonly backends: readonly EngineName[];
  readonly observations: Float64Array;
  /** How each back end is started. */
  readonly start?: Omit<BackendOptions, 'backend' | 'signal'>;
  readonly backendOptions?: Readonly<Record<string, unknown>>;
  readonly signal?: AbortSignal;
  readonly onProgress?: (backend: EngineName, done: number, total: number) => void;
}

export interface ComparedBackend {
  readonly backend: EngineName;
  readonly versions?: Readonly<Record<string, string>>;
  readonly predicted: boolean;
  /** Of the evaluation, the building of the network left out. */
  readonly milliseconds: number;
  readonly spikesPerObservation: number;
  /** Of potentials or weights cut to the back end's range. */
  readonly clipped: number;
  readonly overflows: number;
  /** None for the first back end. */
  readonly differences?: Differences;
}

const names = [
  ...['network', 'backends', 'observations', 'start', 'backendOptions', 'signal', 'onProgress'],
  ...modelOptionNames,
];

interface Ran extends Outcome {
  readonly milliseconds: number;
  readonly versions?: Readonly<Record<string, string>>;
  readonly predicted: boolean;
  readonly clipped: number;
  readonly overflows: number;
}

/** The same observations in several simulators, each compared with the first: where they differ and by how much. */
export async function compareBackends(options: CompareBackendsOptions): Promise<ComparedBackend[]> {
  checkNames(options, names, 'comparison option');
  const { backends, observations, network } = options;
  const [first, ...more] = backends;
  if (first === undefined || more.length === 0 || new Set(backends).size !== backends.length) {
    throw mismatch('E_ARGUMENT', "option 'backends'", 'two or more names, each once', backends);
  }
  const stranger = backends.find((name) => !engineNames.includes(name));
  if (stranger !== undefined) {
    throw mismatch('E_ARGUMENT', "option 'backends'", engineNames.join(' | '), stranger);
  }
  const model = translate({ network, ...modelOptionsOf(options) });
  rowsOf(observations, model.observationSize, 'observations');
  const layers = firingLayers(model).map(({ name }) => name);
  let expected: Ran | undefined;
  const compared: ComparedBackend[] = [];
  for (const backend of backends) {
    const ran = await runOn(backend, options);
    const { rows, counts, milliseconds, versions, predicted, clipped, overflows } = ran;
    const total = counts.reduce((sum, layer) => sum + sumOf(layer), 0);
    compared.push({
      backend,
      ...(versions && { versions }),
      predicted,
      milliseconds,
      spikesPerObservation: total / rows,
      clipped,
      overflows,
      ...(expected && { differences: differencesBetween(expected, ran, layers) }),
    });
    expected ??= ran;
  }
  return compared;
}

async function runOn(backend: EngineName, options: CompareBackendsOptions): Promise<Ran> {
  const { network, observations, start, backendOptions, signal, onProgress } = options;
  const modelOptions = modelOptionsOf(options);
  const tell = (done: number, total: number): void => onProgress?.(backend, done, total);
  if (backend === 'spiq' || backend === 'spiq-float32') {
    const precision = backend === 'spiq' ? 'float64' : 'float32';
    const ran = await runOwn(network, modelOptions, observations, precision, signal);
    return { ...ran, predicted: false, clipped: 0, overflows: 0 };
  }
  const place = isProtocol(backend)
    ? originalProtocol(backend, backendOptions)
    : { backend, ...(backendOptions && { backendOptions }) };
  const bridge = await openBridge({
    network,
    ...modelOptions,
    ...start,
    ...place,
    copies: backendTraits[place.backend].bulkCopies,
    ...(signal && { signal }),
  });
  try {
    const begin = performance.now();
    const result = await bridge.evaluate(observations, {
      onProgress: tell,
      ...(signal && { signal }),
    });
    return { ...result, milliseconds: performance.now() - begin, versions: bridge.versions };
  } finally {
    await bridge.close();
  }
}

const isProtocol = (name: EngineName): name is OriginalProtocol =>
  originalProtocols.some((known) => known === name);

function sumOf(values: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < values.length; k += 1) sum += values[k]!;
  return sum;
}
