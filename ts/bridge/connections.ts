/**
 * y = M·x + b, with the entries of M that are there: row r has those from start[r] to start[r + 1], in ascending order
 * of their columns.
 */
export interface Connections {
  readonly rows: number;
  readonly columns: number;
  readonly start: Float64Array;
  readonly column: Uint32Array;
  readonly value: Float64Array;
  readonly bias: Float64Array;
}

export function identity(size: number): Connections {
  return {
    rows: size,
    columns: size,
    start: Float64Array.from({ length: size + 1 }, (_, row) => row),
    column: Uint32Array.from({ length: size }, (_, row) => row),
    value: new Float64Array(size).fill(1),
    bias: new Float64Array(size),
  };
}

export function isIdentity({ rows, columns, value, column, bias }: Connections): boolean {
  return (
    rows === columns &&
    value.length === rows &&
    value.every((weight, row) => weight === 1 && column[row] === row) &&
    bias.every((offset) => offset === 0)
  );
}

/** Collects rows one after the other. */
export class ConnectionsBuilder {
  readonly #start: number[] = [0];
  readonly #column: Uint32Array;
  readonly #value: Float64Array;
  readonly #bias: Float64Array;
  #entries = 0;

  constructor(
    private readonly rows: number,
    private readonly columns: number,
    mostEntries: number,
  ) {
    this.#column = new Uint32Array(mostEntries);
    this.#value = new Float64Array(mostEntries);
    this.#bias = new Float64Array(rows);
  }

  add(column: number, value: number): void {
    this.#column[this.#entries] = column;
    this.#value[this.#entries] = value;
    this.#entries += 1;
  }

  endRow(bias = 0): void {
    this.#bias[this.#start.length - 1] = bias;
    this.#start.push(this.#entries);
  }

  done(): Connections {
    return {
      rows: this.rows,
      columns: this.columns,
      start: Float64Array.from(this.#start),
      column: this.#column.subarray(0, this.#entries),
      value: this.#value.subarray(0, this.#entries),
      bias: this.#bias,
    };
  }
}

/** M·(N·x + c) + b as one: entries that meet in one place are added in the order of M's columns. */
export function compose(outer: Connections, inner: Connections): Connections {
  if (isIdentity(inner)) return outer;
  if (isIdentity(outer)) return inner;
  const builder = new ConnectionsBuilder(
    outer.rows,
    inner.columns,
    entriesOfComposition(outer, inner),
  );
  const sums = new Float64Array(inner.columns);
  const seen = new Uint8Array(inner.columns);
  for (let row = 0; row < outer.rows; row += 1) {
    const columns: number[] = [];
    let bias = outer.bias[row]!;
    for (let at = outer.start[row]!; at < outer.start[row + 1]!; at += 1) {
      const [through, weight] = [outer.column[at]!, outer.value[at]!];
      bias += weight * inner.bias[through]!;
      for (let k = inner.start[through]!; k < inner.start[through + 1]!; k += 1) {
        const column = inner.column[k]!;
        if (seen[column] === 0) columns.push(column);
        seen[column] = 1;
        sums[column]! += weight * inner.value[k]!;
      }
    }
    for (const column of columns.sort((a, b) => a - b)) {
      builder.add(column, sums[column]!);
      sums[column] = 0;
      seen[column] = 0;
    }
    builder.endRow(bias);
  }
  return builder.done();
}

/** Entries before those in one place are added. */
export function entriesOfComposition(outer: Connections, inner: Connections): number {
  if (isIdentity(inner)) return outer.value.length;
  let entries = 0;
  for (const through of outer.column) entries += inner.start[through + 1]! - inner.start[through]!;
  return entries;
}

export function multiply(
  { rows, start, column, value, bias }: Connections,
  x: ArrayLike<number>,
): Float64Array {
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    for (let at = start[row]!; at < start[row + 1]!; at += 1) sum += value[at]! * x[column[at]!]!;
    return sum + bias[row]!;
  });
}

/** Every entry of M, row by row. */
export function denseMatrix({ rows, columns, start, column, value }: Connections): Float64Array {
  const matrix = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row += 1) {
    for (let at = start[row]!; at < start[row + 1]!; at += 1) {
      matrix[row * columns + column[at]!] = value[at]!;
    }
  }
  return matrix;
}

export function largestOf(values: Float64Array): number {
  let largest = 0;
  for (const value of values) largest = Math.max(largest, Math.abs(value));
  return largest;
}

/** The row of each entry. */
export function rowOfEach({ start, value }: Connections): Uint32Array {
  const rows = new Uint32Array(value.length);
  for (let row = 0; row + 1 < start.length; row += 1) rows.fill(row, start[row], start[row + 1]);
  return rows;
}
