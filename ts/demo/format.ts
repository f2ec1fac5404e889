/** 12345.6 → '12,346', 3.14159 → '3.14': `digits` after the point, thousands parted. */
export function decimal(value: number, digits: number): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

export function percent(share: number, digits = 1): string {
  return `${decimal(share * 100, digits)} %`;
}

export function withError(mean: number, standardError: number | null): string {
  return standardError === null
    ? decimal(mean, 1)
    : `${decimal(mean, 1)} ± ${decimal(standardError, 1)}`;
}

const superscripts = '⁰¹²³⁴⁵⁶⁷⁸⁹';

/** Three significant digits, two below a thousandth: 12345 becomes 12,300 and 0.0000229 becomes 2.3 × 10⁻⁵. */
export function significant(value: number): string {
  if (value !== 0 && Math.abs(value) < 1e-3) {
    const [digits = '', exponent = ''] = value.toExponential(1).split('e-');
    const raised = exponent.replace(/\d/g, (digit) => superscripts.charAt(Number(digit)));
    return `${digits}\u00a0×\u00a010⁻${raised}`;
  }
  return Number(value.toPrecision(3)).toLocaleString('en', { maximumFractionDigits: 6 });
}
