import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import type { NativeLayer, NativeRecord, Observations, Precision, Reals } from '../native.js';
import { withEnergy } from './energy.js';
import type { Operations } from './energy.js';

/** What to keep of a run beside its outputs; what is left out costs nothing. */
export interface RecordOptions {
  /** Spikes of each neuron, summed over the steps. */
  readonly counts?: boolean;
  /** Potential, current and spikes of every neuron after every step. */
  readonly trace?: boolean;
  /** Every spike of these layers, or of all that fire. */
  readonly raster?: boolean | readonly string[];
  /** Potentials of these layers, or of all, after every step. */
  readonly potentials?: boolean | readonly string[];
  /** Spikes per unit and step of each layer that fires. */
  readonly activity?: boolean;
  /** Additions and multiplications of each layer with weights, and an estimate of their energy. */
  readonly operations?: boolean;
}

/** The spikes of a layer, an entry for each unit and step that has some, in the order of row, step, unit. */
export interface Raster {
  readonly row: Int32Array;
  readonly step: Int32Array;
  readonly unit: Int32Array;
  /** 1, more for bursts, negative for negative spikes. */
  readonly count: Int8Array;
}

/** One layer's state after every step, each [steps][rows][units]. */
export interface LayerTrace<P extends Precision = Precision> {
  readonly potential: Reals<P>;
  readonly current: Reals<P>;
  readonly spikes: Int8Array;
}

/** What was asked for, by name of the layer. */
export interface Recorded<P extends Precision = Precision> {
  /** For each firing layer [rows][units]. */
  readonly counts?: readonly Int32Array[];
  /** For each layer [steps][rows][units]. */
  readonly traces?: readonly LayerTrace<P>[];
  readonly rasters?: Readonly<Record<string, Raster>>;
  /** [steps][rows][units]. */
  readonly potentials?: Readonly<Record<string, Reals<P>>>;
  /** [rows]. */
  readonly activity?: Readonly<Record<string, Float64Array>>;
  readonly operations?: Operations;
}

type Layers = readonly NativeLayer[];
export type RecordName = keyof RecordOptions;

export const recordNames: readonly RecordName[] = [
  'counts',
  'trace',
  'raster',
  'potentials',
  'activity',
  'operations',
];

/** The options as the addon takes them: of each layer whether it is chosen. */
export function recordCall(
  record: RecordOptions | undefined,
  layers: Layers,
  known: readonly RecordName[],
  what: string,
): object | undefined {
  if (record === undefined) return undefined;
  checkNames(record, known, what);
  const { raster, potentials, ...rest } = record;
  const rasters = flagsOf(raster, layers, `${what}: 'raster'`, true);
  return { ...rest, rasters, potentials: flagsOf(potentials, layers, `${what}: 'potentials'`) };
}

function flagsOf(
  chosen: boolean | readonly string[] | undefined,
  layers: Layers,
  what: string,
  firing = false,
): Uint8Array | undefined {
  if (chosen === undefined || chosen === false) return undefined;
  const names = layers.filter(({ fires }) => !firing || fires).map(({ name }) => name);
  const wanted = chosen === true ? names : chosen;
  if (!Array.isArray(wanted)) {
    throw mismatch('E_ARGUMENT', what, 'true, false or a list of names of layers', chosen);
  }
  for (const name of wanted as readonly unknown[]) {
    if (names.includes(name as string)) continue;
    const kind = firing ? 'layers that fire' : 'layers';
    throw mismatch('E_ARGUMENT', what, `names of ${kind} (${names.join(', ')})`, name);
  }
  if (wanted.length === 0) return undefined;
  return Uint8Array.from(layers, ({ name }) => (wanted.includes(name) ? 1 : 0));
}

/** What the addon recorded, by name. */
export function recordedOf<P extends Precision>(
  native: NativeRecord,
  layers: Layers,
  record: RecordOptions | undefined,
): Recorded<P> {
  if (record === undefined) return {};
  const { counts, traces, activity, operations, rasters, potentials } = native;
  const firing = layers.filter(({ fires }) => fires);
  const chosenRasters = flagsOf(record.raster, layers, 'raster', true);
  const chosenPotentials = flagsOf(record.potentials, layers, 'potentials');
  const recorded = {
    ...(counts ? { counts } : {}),
    ...(traces ? { traces } : {}),
    ...(rasters ? { rasters: byName(layers, rasters, chosenRasters) } : {}),
    ...(potentials && chosenPotentials
      ? { potentials: byName<Observations>(layers, potentials, chosenPotentials) }
      : {}),
    ...(activity ? { activity: byName(firing, activity) } : {}),
    ...(operations ? { operations: withEnergy(operations) } : {}),
  };
  // The addon gives arrays of the precision that it was built with.
  return recorded as unknown as Recorded<P>;
}

function byName<T>(
  layers: Layers,
  values: readonly T[],
  chosen?: Uint8Array,
): Readonly<Record<string, T>> {
  const named = layers.map(({ name }, i) => [name, values[i]!] as const);
  return Object.fromEntries(named.filter((_, i) => chosen === undefined || chosen[i] === 1));
}
