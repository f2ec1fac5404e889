/**
 * What the operators at the end of a file make of the network's answers. The import leaves them out, since no neuron
 * computes them; what the framework answered has them in.
 */
export function finish(
  answers: Float32Array,
  size: number,
  operators: Readonly<Record<string, number>>,
): Float32Array {
  if ('Sigmoid' in operators) return answers.map((value) => 1 / (1 + Math.exp(-value)));
  const rows = Array.from({ length: answers.length / size }, (_, row) =>
    answers.subarray(row * size, (row + 1) * size),
  );
  if ('ArgMax' in operators) {
    return Float32Array.from(rows, (row) => row.indexOf(Math.max(...row)));
  }
  if ('Softmax' in operators) rows.forEach(softmax);
  return answers;
}

function softmax(row: Float32Array): void {
  const largest = Math.max(...row);
  const powers = row.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  row.set(powers.map((power) => power / sum));
}
