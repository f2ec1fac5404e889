import type { SimulationResult } from '../simulator.js';
import { short, table } from './table.js';

const picojoulesPerNanojoule = 1000;

function mean(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means over the rows; energies in picojoules. */
export function operationsSummary({ operations }: SimulationResult): object {
  if (operations === undefined) return {};
  const { layers, floatMultiplyAccumulates, energy } = operations;
  return {
    operations: {
      layers: layers.map(({ name, accumulates, multiplyAccumulates }) => ({
        name,
        accumulates: mean(accumulates),
        multiplyAccumulates: mean(multiplyAccumulates),
      })),
      floatMultiplyAccumulates,
      energy: { unit: 'pJ', spiking: mean(energy.spiking), float: energy.float },
    },
  };
}

export function operationsText({ operations }: SimulationResult): string {
  if (operations === undefined) return '';
  const { layers, floatMultiplyAccumulates, energy } = operations;
  const lines = layers.map(({ name, accumulates, multiplyAccumulates }) => [
    name,
    short(mean(accumulates)),
    short(mean(multiplyAccumulates)),
  ]);
  const [spiking, float] = [mean(energy.spiking), energy.float].map((picojoules) =>
    short(picojoules / picojoulesPerNanojoule),
  );
  return [
    '',
    table(['layer', 'accumulates', 'multiply-accumulates'], lines),
    `float network: ${short(floatMultiplyAccumulates)} multiply-accumulates`,
    `arithmetic alone, 45 nm: ${spiking} nJ in spikes, ${float} nJ in float (no memory traffic, neuron updates or leaks)`,
  ].join('\n');
}
