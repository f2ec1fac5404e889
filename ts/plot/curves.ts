import { checkNames } from '../check.js';
import { mismatch } from '../errors.js';
import { phases } from '../run/index.js';
import type { CsvTable, PhaseName } from '../run/index.js';
import { bands, merge } from './merge.js';
import type { Band, CurvePoint } from './merge.js';
import { smooth, trace } from './smooth.js';
import type { Trace } from './smooth.js';
import type { CurveSource } from './sources.js';

export interface CurveOptions {
  /** Columns to draw, a panel each. */
  readonly fields?: readonly string[];
  /** Column to draw them against: `epoch`, or `episode` in files of episodes. */
  readonly x?: string;
  /** Each value becomes the mean of so many rows of its run, itself and those before it (default 1). */
  readonly window?: number;
  readonly band?: Band;
  /** Of files with phases; all of a single group, otherwise `test` or, where nobody tested, `train`. */
  readonly phases?: readonly PhaseName[];
}

export interface Curve {
  readonly group: string;
  /** Undefined for rows of episodes. */
  readonly phase: PhaseName | undefined;
  readonly points: readonly CurvePoint[];
  /** Runs that the curve is made of. */
  readonly runs: number;
}

export interface CurvePanel {
  readonly field: string;
  readonly curves: readonly Curve[];
}

export interface Curves {
  readonly x: string;
  readonly window: number;
  readonly band: Band;
  /** Those of the fields that have values. */
  readonly panels: readonly CurvePanel[];
  /** Those without any. */
  readonly empty: readonly string[];
}

/** Those that the original's plot shows. */
export const defaultFields = ['average_reward', 'meanq', 'nr_games', 'meancost'] as const;
const defaultEpisodeFields = ['return'] as const;

/** The original's plot calls the column by another name than its statistics. */
const otherNames = new Map([['phase_time', 'epoch_time']]);

const names = ['fields', 'x', 'window', 'band', 'phases'];

/** Learning curves: one for each group of runs and phase, the mean over the runs with a band around it. */
export function learningCurves(
  sources: readonly CurveSource[],
  options: CurveOptions = {},
): Curves {
  checkNames(options, names, 'curve option');
  if (sources.length === 0) throw mismatch('E_ARGUMENT', 'sources', 'at least one run', sources);
  const phased = sources[0]!.table.has('phase');
  const odd = sources.find(({ table }) => table.has('phase') !== phased);
  if (odd !== undefined) {
    const expected = phased ? "a column 'phase', as the others have" : "no column 'phase'";
    throw mismatch('E_ARGUMENT', odd.file, expected, odd.table.columns);
  }
  const { window = 1, band = 'range' } = options;
  const { x = phased ? 'epoch' : 'episode' } = options;
  const { fields = defaultsOf(sources, phased) } = options;
  check(window, band, fields, options.phases ?? []);
  const groups = groupsOf(sources);
  const wanted = phased ? (options.phases ?? defaultPhases(groups)) : [undefined];
  const panels = fields.map((given) => {
    const field = otherNames.get(given) ?? given;
    const curves = [...groups].flatMap(([group, tables]) =>
      wanted.flatMap((phase): Curve[] => {
        const traces = tables
          .map((table) => smooth(traceOf(table, x, field, phase), window))
          .filter((one) => one.x.length > 0);
        // None too where the runs' values lie at places that fewer than half of them share.
        const points = merge(traces, band);
        return points.length > 0 ? [{ group, phase, points, runs: traces.length }] : [];
      }),
    );
    return { field: given, curves };
  });
  const filled = panels.filter(({ curves }) => curves.length > 0);
  if (filled.length === 0) {
    throw mismatch(
      'E_FORMAT',
      `fields ${fields.join(', ')}`,
      'numbers in some row',
      sources[0]!.file,
    );
  }
  const empty = panels.filter((panel) => !filled.includes(panel)).map(({ field }) => field);
  return { x, window, band, panels: filled, empty };
}

/** Those that every file has. */
function defaultsOf(sources: readonly CurveSource[], phased: boolean): readonly string[] {
  const all = phased ? defaultFields : defaultEpisodeFields;
  return all.filter((field) => sources.every(({ table }) => table.has(field)));
}

function check(
  window: number,
  band: Band,
  fields: readonly string[],
  wanted: readonly string[],
): void {
  if (!Number.isSafeInteger(window) || window < 1) {
    throw mismatch('E_RANGE', 'window', 'a whole number of at least 1', window);
  }
  if (!bands.includes(band)) throw mismatch('E_ARGUMENT', 'band', bands.join(' | '), band);
  if (fields.length === 0) throw mismatch('E_ARGUMENT', 'fields', 'at least one', fields);
  for (const phase of wanted) {
    if (!(phases as readonly string[]).includes(phase)) {
      throw mismatch('E_ARGUMENT', 'phases', phases.join(' | '), phase);
    }
  }
}

function groupsOf(sources: readonly CurveSource[]): Map<string, CsvTable[]> {
  const groups = new Map<string, CsvTable[]>();
  for (const { group, table } of sources) groups.set(group, [...(groups.get(group) ?? []), table]);
  return groups;
}

function defaultPhases(groups: ReadonlyMap<string, readonly CsvTable[]>): readonly PhaseName[] {
  const tables = [...groups.values()].flat();
  const found = new Set(tables.flatMap((table) => table.strings('phase')));
  if (groups.size > 1) return [found.has('test') ? 'test' : 'train'];
  return (['train', 'test', 'play', 'random'] as const).filter((phase) => found.has(phase));
}

function traceOf(table: CsvTable, x: string, field: string, phase: PhaseName | undefined): Trace {
  const [at, values] = [table.numbers(x), table.numbers(field)];
  if (phase === undefined) return trace(at, values);
  const all = table.strings('phase');
  const wrong = all.find((name) => !(phases as readonly string[]).includes(name));
  if (wrong !== undefined) {
    throw mismatch('E_FORMAT', `${table.what}: phase`, phases.join(' | '), wrong);
  }
  const rows = (values_: Float64Array): Float64Array =>
    values_.filter((_, row) => all[row] === phase);
  if (phase !== 'random') return trace(rows(at), rows(values));
  return flat(at, rows(values));
}

/** What a random player reached, as a line under everything that came later. */
function flat(at: Float64Array, values: Float64Array): Trace {
  const finite = at.filter(Number.isFinite);
  const value = values.findLast(Number.isFinite);
  if (value === undefined || finite.length === 0) return trace(finite.subarray(0, 0), values);
  const least = finite.reduce((a, b) => Math.min(a, b));
  const most = finite.reduce((a, b) => Math.max(a, b));
  const ends = Float64Array.of(least, most);
  return trace(ends, Float64Array.of(value, value));
}
