import { checkNames } from '../check.js';
import { SpiqError } from '../errors.js';
import { mostMessageBytes } from '../wire/message.js';
import { checkBackend, type BridgeBackendName } from './backends.js';
import { chipRecords } from './chip-checks.js';
import { largestOf } from './connections.js';
import { sizeOf, type BridgeModel, type ModelSize } from './model.js';
import { neuronRefusals, type Aspect } from './neurons.js';
import { checkModelOptions, modelOptionNames, type BridgeSubject } from './options.js';
import { backendTraits } from './traits.js';
import { translate } from './translate.js';

export interface PreflightRecord {
  readonly aspect: Aspect;
  /** `refused`: it cannot be had; `changed`: the back end would do otherwise without a word; `note`: as meant. */
  readonly verdict: 'refused' | 'changed' | 'note';
  /** The layer or node, where it is not all of them. */
  readonly layer?: string;
  readonly text: string;
}

export interface Preflight {
  readonly backend: BridgeBackendName;
  /** Nothing is refused. */
  readonly fits: boolean;
  /** The same spike counts as spiq in double precision are expected. */
  readonly exact: boolean;
  readonly records: readonly PreflightRecord[];
  /** Where the network could be translated. */
  readonly size?: ModelSize;
}

export interface PreflightOptions extends BridgeSubject {
  readonly backend: BridgeBackendName;
}

/** Numbers above would reach the powers of two that hold potentials down while a network is cleared. */
const largestNumber = 2 ** 40;
const mostLayers = 12;
const mostSteps = 100_000;

/** What of a network a back end has, what it would change, and what is refused; nothing is started. */
export function preflight({ backend, network, ...options }: PreflightOptions): Preflight {
  checkBackend(backend);
  checkNames(options, modelOptionNames, 'preflight option');
  checkModelOptions(options);
  const records: PreflightRecord[] = neuronRefusals(network.graph, options).map(
    ({ aspect, node, expected, received }) => ({
      aspect,
      verdict: 'refused',
      layer: node,
      text: `expected ${expected}, received ${received}`,
    }),
  );
  const model = records.length > 0 ? undefined : translated(network, options, records);
  if (model !== undefined) {
    records.push(...abilityRecords(model, backend), ...sizeRecords(model), ...rangeRecords(model));
    records.push(...timingRecords(model));
    if (backend === 'spinnaker' || backend === 'spinnaker-virtual') {
      records.push(...chipRecords(model));
    }
  }
  const fits = records.every(({ verdict }) => verdict !== 'refused');
  return {
    backend,
    fits,
    exact: fits && backendTraits[backend].exact,
    records,
    ...(model && { size: sizeOf(model) }),
  };
}

/** The model, or a record of why there is none. */
function translated(
  network: BridgeSubject['network'],
  options: Omit<BridgeSubject, 'network'>,
  records: PreflightRecord[],
): BridgeModel | undefined {
  try {
    return translate({ network, ...options });
  } catch (error) {
    if (!(error instanceof SpiqError)) throw error;
    const aspect = error.code === 'E_TOO_LARGE' ? 'size' : 'structure';
    records.push({ aspect, verdict: 'refused', text: error.message });
    return undefined;
  }
}

function abilityRecords(model: BridgeModel, backend: BridgeBackendName): PreflightRecord[] {
  const { resets, semantics, says } = backendTraits[backend];
  const records: PreflightRecord[] = [];
  const judge = (aspect: 'reset' | 'semantics', known: readonly string[], name: string): void => {
    const has = known.includes(name);
    const text = has
      ? `'${name}', by ${says}`
      : `expected ${known.join(' | ')}, received '${name}'`;
    records.push({ aspect, verdict: has ? 'note' : 'refused', text });
  };
  judge('reset', resets, model.reset);
  judge('semantics', semantics, model.semantics);
  return records;
}

function sizeRecords(model: BridgeModel): PreflightRecord[] {
  const { neurons, connections, bytes } = sizeOf(model);
  const records: PreflightRecord[] = [];
  const bound = (what: string, value: number, most: number): void => {
    const text = `expected at most ${most} ${what}, received ${value}`;
    if (value > most) records.push({ aspect: 'size', verdict: 'refused', text });
  };
  bound('bytes of weights', bytes, mostMessageBytes);
  bound('layers', model.layers.length, mostLayers);
  bound('steps', model.steps, mostSteps);
  const mebibytes = (bytes / 2 ** 20).toPrecision(3);
  const text = `${neurons} neurons, ${connections} connections, ${mebibytes} MiB of weights`;
  return [...records, { aspect: 'size', verdict: 'note', text }];
}

function rangeRecords({ layers }: BridgeModel): PreflightRecord[] {
  return layers.flatMap(({ name, connections }): PreflightRecord[] => {
    const largest = Math.max(largestOf(connections.value), largestOf(connections.bias));
    if (largest <= largestNumber) return [];
    const text = `expected weights and biases of at most 2^40, received ${largest}`;
    return [{ aspect: 'range', verdict: 'refused', layer: name, text }];
  });
}

/** Simulators elsewhere take a step for each synapse: what that would change is evened out. */
function timingRecords({ layers, semantics }: BridgeModel): PreflightRecord[] {
  if (layers.length === 1) return [];
  const text =
    semantics === 'dsqn'
      ? "a spike takes two steps there; all layers begin at once, spikes are told in spiq's steps"
      : "each layer runs a step behind the one before; biases begin that much later, spikes are told in spiq's steps";
  return [{ aspect: 'delay', verdict: 'note', text }];
}
