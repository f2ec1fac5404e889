/** The p-th quantile of numbers in ascending order. */
function quantile(sorted, p) {
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}

const round = (value, digits) => Number(value.toFixed(digits));

export function summarise(nanoseconds, { rows, depth, columns }) {
  const sorted = Float64Array.from(nanoseconds).sort();
  const operations = 2 * rows * depth * columns;
  const at = (p) => round(quantile(sorted, p) / 1e3, 4);
  return {
    samples: sorted.length,
    microseconds: { minimum: at(0), quarter: at(0.25), median: at(0.5), threeQuarters: at(0.75) },
    gigaflops: {
      best: round(operations / quantile(sorted, 0), 1),
      median: round(operations / quantile(sorted, 0.5), 1),
    },
  };
}

/** Three significant digits without an exponent. */
const short = (value) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

/** JSON with one element of every list a line, so that two runs can be compared line by line. */
export function toLines(result) {
  const parts = Object.entries(result).map(([key, value]) => {
    const items = Array.isArray(value) && value.map((item) => `    ${JSON.stringify(item)}`);
    const text = items ? `[\n${items.join(',\n')}\n  ]` : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${parts.join(',\n')}\n}\n`;
}

export function printTable(rows, cases, names, threads) {
  console.log(`\n${threads} thread(s): least µs | median µs | GFLOP/s at the least`);
  const width = 24;
  console.log(['case'.padEnd(30), ...names.map((name) => name.padStart(width))].join(' '));
  for (const shape of cases) {
    const cells = names.map((name) => {
      const row = rows.find(
        (r) => r.case === shape.name && r.candidate === name && r.threads === threads,
      );
      if (!row) return '-'.padStart(width);
      const { minimum, median } = row.microseconds;
      return `${short(minimum)} | ${short(median)} | ${row.gigaflops.best.toFixed(0)}`.padStart(
        width,
      );
    });
    console.log([shape.name.padEnd(30), ...cells].join(' '));
  }
}

/** Per candidate: on how many cases its bits do not depend on repeats, threads, and the rest of the batch. */
export function printBits(checks, names) {
  console.log('\nSame bits (cases held / cases checked)');
  for (const name of names) {
    const mine = checks.filter((c) => c.candidate === name);
    const held = (key) => {
      const asked = mine.filter((c) => c[key] !== null);
      return `${asked.filter((c) => c[key]).length}/${asked.length}`;
    };
    const worst = Math.max(...mine.map((c) => c.largestError));
    console.log(
      `${name.padEnd(26)} repeats ${held('repeats')}  1 and 2 threads ${held('sameForThreads')}  ` +
        `row 0 alone ${held('rowIndependent')}  largest error ${worst.toExponential(1)}`,
    );
  }
}
