import { compose, ConnectionsBuilder, type Connections } from './connections.js';

type Shape = readonly number[];

/** Rows of several maps from the same columns, one below the other. */
function stack(parts: readonly Connections[]): Connections {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const entries = parts.reduce((sum, part) => sum + part.value.length, 0);
  const builder = new ConnectionsBuilder(rows, parts[0]!.columns, entries);
  for (const { rows: own, start, column, value, bias } of parts) {
    for (let row = 0; row < own; row += 1) {
      for (let at = start[row]!; at < start[row + 1]!; at += 1)
        builder.add(column[at]!, value[at]!);
      builder.endRow(bias[row]);
    }
  }
  return builder.done();
}

/** The elementwise sum of maps from the same columns. */
export function sum(parts: readonly Connections[]): Connections {
  if (parts.length === 1) return parts[0]!;
  const { rows } = parts[0]!;
  const builder = new ConnectionsBuilder(rows, rows * parts.length, rows * parts.length);
  for (let row = 0; row < rows; row += 1) {
    parts.forEach((_, k) => {
      builder.add(k * rows + row, 1);
    });
    builder.endRow();
  }
  return compose(builder.done(), stack(parts));
}

/** One after the other along an axis. */
export function concatenate(
  parts: readonly Connections[],
  shapes: readonly Shape[],
  axis: number,
): Connections {
  const whole = stack(parts);
  const outer = shapes[0]!.slice(0, axis).reduce((product, size) => product * size, 1);
  const lengths = parts.map(({ rows }) => rows / outer);
  const builder = new ConnectionsBuilder(whole.rows, whole.rows, whole.rows);
  for (let block = 0; block < outer; block += 1) {
    let first = 0;
    parts.forEach(({ rows }, k) => {
      for (let at = 0; at < lengths[k]!; at += 1) {
        builder.add(first + block * lengths[k]! + at, 1);
        builder.endRow();
      }
      first += rows;
    });
  }
  return compose(builder.done(), whole);
}
