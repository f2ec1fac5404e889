import { largestOf } from './connections.js';
import type { BridgeLayer, BridgeModel } from './model.js';
import type { PreflightRecord } from './preflight.js';

/** Parameters of neurons are s16.15 on the chip. */
const largestParameter = 65535;
const parameterStep = 2 ** -15;
const mostExponent = 15;

/** What a SpiNNaker chip changes of a network: its neurons leak, and its numbers are short. */
export function chipRecords(model: BridgeModel): PreflightRecord[] {
  const own = model.layers.flatMap((layer, l) => [
    ...weightRecords(layer, l),
    ...biasRecords(layer, l),
  ]);
  return [leakRecord(model), ...own];
}

/** Without a leak there is no time constant: the largest that keeps currents in range stands for it. */
function leakRecord({ layers, steps }: BridgeModel): PreflightRecord {
  const worst = Math.max(...layers.slice(1).map((layer) => largestOf(largestCurrents(layer))), 1);
  const tau = 2 ** Math.max(0, Math.floor(Math.log2(largestParameter / worst)));
  const lost = 100 * (1 - Math.exp(-steps / tau));
  const text = `potentials leak with a time constant of about ${tau} steps: up to ${lost.toPrecision(2)} % of what was there at first is gone after ${steps} steps`;
  return { aspect: 'leak', verdict: 'changed', text };
}

/** Of each unit, what its inputs come to if all of one sign fire at once. */
function largestCurrents({ units, connections }: BridgeLayer): Float64Array {
  const [excitatory, inhibitory] = sumsBySign({ units, connections });
  return Float64Array.from({ length: units }, (_, unit) => {
    const bias = connections.bias[unit]!;
    return Math.max(excitatory[unit]! + bias, inhibitory[unit]! - bias, Math.abs(bias));
  });
}

function sumsBySign({
  units,
  connections: { start, value },
}: Pick<BridgeLayer, 'units' | 'connections'>): [Float64Array, Float64Array] {
  const [excitatory, inhibitory] = [new Float64Array(units), new Float64Array(units)];
  for (let unit = 0; unit < units; unit += 1) {
    for (let at = start[unit]!; at < start[unit + 1]!; at += 1) {
      if (value[at]! >= 0) excitatory[unit]! += value[at]!;
      else inhibitory[unit]! -= value[at]!;
    }
  }
  return [excitatory, inhibitory];
}

/** The first layer's weights never reach the chip: it gets their currents. */
function weightRecords(layer: BridgeLayer, l: number): PreflightRecord[] {
  if (l === 0) return [];
  const { name, connections } = layer;
  const sums = sumsBySign(layer).map((each) => Math.max(largestOf(each), Number.MIN_VALUE));
  const steps = sums.map((sum) => 2 ** (Math.ceil(Math.log2(sum)) - mostExponent));
  const [up, down] = steps as [number, number];
  let lost = 0;
  for (const value of connections.value) {
    if (value !== 0 && Math.abs(value) < (value > 0 ? up : down) / 2) lost += 1;
  }
  const shown = steps.map((step) => `2^${Math.log2(step)}`).join(' and ');
  const gone = lost === 0 ? '' : `; ${lost} of ${connections.value.length} become 0`;
  const text = `weights have 16 bits: steps of ${shown} for positive and negative ones${gone}`;
  const records: PreflightRecord[] = [
    { aspect: 'rounding', verdict: 'changed', layer: name, text },
  ];
  const mixed = connections.value.some((value) => value < 0);
  if (mixed) {
    const split = 'negative weights go through connections of their own, without their sign';
    records.push({ aspect: 'sign', verdict: 'note', layer: name, text: split });
  }
  return records;
}

function biasRecords({ name, threshold, connections }: BridgeLayer, l: number): PreflightRecord[] {
  const records: PreflightRecord[] = [];
  const { bias } = connections;
  const theta = (unit: number): number =>
    typeof threshold === 'number' ? threshold : threshold[unit]!;
  const largest = largestOf(bias);
  if (largest > largestParameter) {
    const text = `expected biases of at most ${largestParameter}, received ${largest}`;
    records.push({ aspect: 'range', verdict: 'refused', layer: name, text });
  } else if (l > 0 && bias.some((value) => value % parameterStep !== 0)) {
    const text = 'biases and thresholds are rounded to steps of 2^-15';
    records.push({ aspect: 'rounding', verdict: 'changed', layer: name, text });
  }
  const early = bias.filter((value, unit) => value < 0 && -l * value >= theta(unit)).length;
  if (early > 0) {
    const text = `${early} negative biases cannot be held back until the layer begins: potentials that make up for them would fire at once`;
    records.push({ aspect: 'bias', verdict: 'changed', layer: name, text });
  }
  return records;
}
