/** mantissa · 2^exponent, without rounding. */
export interface Exact {
  readonly mantissa: bigint;
  readonly exponent: number;
}

const words = new DataView(new ArrayBuffer(8));
const significandBits = 52;
const leastExponent = -1074;

/** Any finite double as it is. */
export function exactly(value: number): Exact {
  words.setFloat64(0, value);
  const bits = words.getBigUint64(0);
  const biased = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const magnitude = biased === 0 ? fraction : fraction | (1n << 52n);
  return {
    mantissa: bits >> 63n === 0n ? magnitude : -magnitude,
    exponent: Math.max(biased, 1) + leastExponent - 1,
  };
}

export function exactProduct(a: Exact, b: Exact): Exact {
  return { mantissa: a.mantissa * b.mantissa, exponent: a.exponent + b.exponent };
}

export function exactSum(a: Exact, b: Exact): Exact {
  const exponent = Math.min(a.exponent, b.exponent);
  return { mantissa: mantissaAt(a, exponent) + mantissaAt(b, exponent), exponent };
}

/** The mantissa that gives the same number with an exponent no greater than its own. */
export function mantissaAt({ mantissa, exponent }: Exact, lower: number): bigint {
  return mantissa << BigInt(exponent - lower);
}

/** To the nearest double, halves to even, subnormals and overflow included. */
export function nearestDouble({ mantissa, exponent }: Exact): number {
  const magnitude = mantissa < 0n ? -mantissa : mantissa;
  const length = magnitude.toString(2).length;
  const dropped = Math.max(length - significandBits - 1, leastExponent - exponent, 0);
  const rounded = droppedToEven(magnitude, BigInt(dropped));
  const value = Number(rounded) * 2 ** (exponent + dropped);
  return mantissa < 0n ? -value : value;
}

function droppedToEven(magnitude: bigint, count: bigint): bigint {
  const kept = magnitude >> count;
  const twiceTheRest = (magnitude - (kept << count)) << 1n;
  const unit = 1n << count;
  const up = twiceTheRest > unit || (twiceTheRest === unit && (kept & 1n) === 1n);
  return up ? kept + 1n : kept;
}
