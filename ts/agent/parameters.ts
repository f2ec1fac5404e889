import { mismatch, phrase } from '../errors.js';

/** One parameter: its default and all that a reader, a command line and a check have to know of it. */
export interface Parameter<T> {
  readonly initial: T;
  readonly about: string;
  /** What is permitted, in words for a message. */
  readonly expected: string;
  readonly accepts: (value: unknown) => boolean;
  /** What a word of a command line means; undefined where it means nothing. */
  readonly parse: (text: string) => unknown;
}

export type ParameterTable = Readonly<Record<string, Parameter<unknown>>>;

/** The record that a table describes. */
export type ParametersOf<Table extends ParameterTable> = {
  readonly [Name in keyof Table]: Table[Name] extends Parameter<infer T> ? T : never;
};

interface Range {
  readonly least?: number;
  readonly most?: number;
}

export function whole(initial: number, about: string, range: Range = {}): Parameter<number> {
  const { least = 0, most = Number.MAX_SAFE_INTEGER } = range;
  return {
    initial,
    about,
    expected: `a whole number ${extent(least, most)}`,
    accepts: (value) => Number.isSafeInteger(value) && within(value as number, least, most),
    parse: numberOf,
  };
}

export function real(initial: number, about: string, range: Range = {}): Parameter<number> {
  const { least = -Infinity, most = Infinity } = range;
  return {
    initial,
    about,
    expected: `a finite number ${extent(least, most)}`.trim(),
    accepts: (value) => Number.isFinite(value) && within(value as number, least, most),
    parse: numberOf,
  };
}

/** A number, or null (`none` on a command line) for a thing that is not wanted. */
export function perhaps(initial: number | null, about: string): Parameter<number | null> {
  return {
    initial,
    about,
    expected: 'a finite number, or none',
    accepts: (value) => value === null || Number.isFinite(value),
    parse: (text) => (text === 'none' ? null : numberOf(text)),
  };
}

export function flag(initial: boolean, about: string): Parameter<boolean> {
  return {
    initial,
    about,
    expected: 'true or false',
    accepts: (value) => typeof value === 'boolean',
    parse: (text) => ({ true: true, false: false })[text],
  };
}

export function text(initial: string, about: string): Parameter<string> {
  return {
    initial,
    about,
    expected: 'text',
    accepts: (value) => typeof value === 'string',
    parse: (word) => word,
  };
}

export function choice<const Choice extends string>(
  choices: readonly Choice[],
  initial: Choice,
  about: string,
): Parameter<Choice> {
  return {
    initial,
    about,
    expected: `one of ${choices.join(', ')}`,
    accepts: (value) => choices.some((known) => known === value),
    parse: (word) => word,
  };
}

/** Numbers, with commas between them on a command line; none at all is the empty word. */
export function numbers(
  initial: readonly number[],
  about: string,
  kind: 'whole' | 'real' = 'real',
): Parameter<readonly number[]> {
  const sound = (value: unknown): boolean =>
    kind === 'whole'
      ? Number.isSafeInteger(value) && (value as number) > 0
      : Number.isFinite(value);
  return {
    initial,
    about,
    expected: kind === 'whole' ? 'a list of whole numbers of at least 1' : 'a list of numbers',
    accepts: (value) => Array.isArray(value) && value.every(sound),
    parse: (word) => (word === '' ? [] : word.split(',').map(numberOf)),
  };
}

/** The whole record: what is given, checked, and the table's defaults for the rest. */
export function readParameters<Table extends ParameterTable>(
  table: Table,
  given: object,
  what: string,
): ParametersOf<Table> {
  for (const [name, value] of Object.entries(given)) {
    const known = parameterNamed(table, name, what);
    if (!known.accepts(value)) {
      throw mismatch('E_ARGUMENT', `${what} ${name}`, known.expected, value);
    }
  }
  const record = Object.entries(table).map(([name, { initial }]) => [
    name,
    Object.hasOwn(given, name) ? (given as Record<string, unknown>)[name] : initial,
  ]);
  return Object.fromEntries(record) as ParametersOf<Table>;
}

/** One parameter from its name and the word that a command line has for it. */
export function parseParameter(
  table: ParameterTable,
  name: string,
  word: string,
  what: string,
): unknown {
  const { parse, accepts, expected } = parameterNamed(table, name, what);
  const value = parse(word);
  if (!accepts(value)) throw mismatch('E_ARGUMENT', `${what} ${name}`, expected, word);
  return value;
}

function parameterNamed(table: ParameterTable, name: string, what: string): Parameter<unknown> {
  const known = Object.hasOwn(table, name) ? table[name] : undefined;
  if (known === undefined) {
    const names = phrase(`${name}; they are ${Object.keys(table).join(', ')}`);
    throw mismatch('E_ARGUMENT', what, 'a parameter of this agent', names);
  }
  return known;
}

function numberOf(word: string): number {
  return word.trim() === '' ? NaN : Number(word);
}

function within(value: number, least: number, most: number): boolean {
  return value >= least && value <= most;
}

function extent(least: number, most: number): string {
  const to = most === Infinity || most === Number.MAX_SAFE_INTEGER ? '' : String(most);
  if (least === -Infinity) return to === '' ? '' : `of at most ${to}`;
  return to === '' ? `of at least ${least}` : `from ${least} to ${to}`;
}
