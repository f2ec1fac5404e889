import { mismatch, phrase } from '../errors.js';

export interface CsvOptions {
  /** Whether a last line without a newline counts; a writer that crashed leaves such a line (default true). */
  readonly keepTorn?: boolean;
}

const emptyMark = '';

/** Rows of a comma-separated file under the names of its first line. */
export class CsvTable {
  readonly #indices: ReadonlyMap<string, number>;

  constructor(
    readonly columns: readonly string[],
    readonly rows: readonly (readonly string[])[],
    readonly what: string,
  ) {
    this.#indices = new Map(columns.map((name, index) => [name, index]));
  }

  get length(): number {
    return this.rows.length;
  }

  has(column: string): boolean {
    return this.#indices.has(column);
  }

  strings(column: string): string[] {
    const index = this.#indices.get(column);
    if (index === undefined) {
      throw mismatch('E_ARGUMENT', `${this.what}: column`, this.columns.join(', '), column);
    }
    return this.rows.map((row) => row[index]!);
  }

  /** NaN where a field is empty. */
  numbers(column: string): Float64Array {
    return Float64Array.from(this.strings(column), (text, row) => {
      const value = parseNumber(text);
      // The first row of data is the file's second line.
      if (value === undefined) {
        const what = `${this.what}: line ${row + 2}: ${column}`;
        throw mismatch('E_FORMAT', what, 'a number', text);
      }
      return value;
    });
  }
}

const words = new Map([
  [emptyMark, NaN],
  ['none', NaN],
  ['nan', NaN],
  ['inf', Infinity],
  ['-inf', -Infinity],
]);
const decimal = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;

function parseNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return decimal.test(trimmed) ? Number(trimmed) : words.get(trimmed.toLowerCase());
}

/** As numpy reads it; nothing for what was not measured. */
export function formatNumber(value: number | undefined): string {
  if (value === undefined) return emptyMark;
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
}

/** Reads what spreadsheets, Python and spiq write: quotes, either newline, a byte order mark, blank lines. */
export function parseCsv(
  text: string,
  what: string,
  { keepTorn = true }: CsvOptions = {},
): CsvTable {
  const body = text.startsWith('\ufeff') ? text.slice(1) : text;
  const lines = body.split(/\r?\n/);
  // What follows the last newline: nothing, where the file is whole.
  const last = lines.pop()!;
  if (keepTorn && last.trim() !== '') lines.push(last);
  const [first = '', ...rest] = lines;
  const columns = splitLine(first, `${what}: line 1`).map((name) => name.trim());
  const repeated = columns.find((name, index) => name === '' || columns.indexOf(name) !== index);
  if (repeated !== undefined) {
    throw mismatch('E_FORMAT', `${what}: line 1`, 'different names of columns', repeated);
  }
  const rows: string[][] = [];
  rest.forEach((line, index) => {
    if (line.trim() === '') return;
    const place = `${what}: line ${index + 2}`;
    const fields = splitLine(line, place);
    if (fields.length !== columns.length) {
      throw mismatch('E_FORMAT', place, `${columns.length} fields`, phrase(`${fields.length}`));
    }
    rows.push(fields);
  });
  return new CsvTable(columns, rows, what);
}

function splitLine(line: string, place: string): string[] {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  const field = /(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  for (;;) {
    const match = field.exec(line);
    if (match === null) throw mismatch('E_FORMAT', place, 'fields, quoted whole or not', line);
    const [, quoted, plain = '', separator] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    if (separator === '') return fields;
  }
}

export function joinLine(fields: readonly string[]): string {
  return fields
    .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(',');
}
