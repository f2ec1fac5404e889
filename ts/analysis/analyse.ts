import { checkFloatArray, checkNames, rowsOf } from '../check.js';
import { Calibration, linearLayers } from '../convert/index.js';
import { mismatch, phrase } from '../errors.js';
import type { Graph, NeuronNode } from '../graph.js';
import type { JobOptions, Network, Observations } from '../network.js';
import { Simulator } from '../simulator.js';
import { CostSums } from './cost.js';
import type { SimulationCost } from './cost.js';
import { LayerSums } from './layer.js';
import type { LayerAnalysis, LayerPlace } from './layer.js';

export interface AnalyseOptions extends JobOptions {
  /** Simulation time T (default 100). */
  readonly steps?: number;
  readonly threads?: number;
}

export interface NetworkAnalysis {
  readonly steps: number;
  readonly rows: number;
  /** In the order of the layers, the read-out last. */
  readonly layers: readonly LayerAnalysis[];
  /** Layers that could not be compared, since their neurons stand elsewhere than the ReLU did. */
  readonly uncompared: readonly string[];
  readonly cost: SimulationCost;
}

/** Bytes of activations and of counts that are held at once. */
const bytesAtOnce = 2 ** 26;

/**
 * Compares a spiking network layer by layer with the float network that it was made of.
 *
 * ```ts
 * const { layers } = await analyse(network, spiking, observations, { steps: 100 });
 * ```
 */
export async function analyse(
  network: Network,
  spiking: Network,
  rows: Observations,
  options: AnalyseOptions = {},
): Promise<NetworkAnalysis> {
  checkNames(options, ['steps', 'threads', 'signal', 'onProgress'], 'analysis option');
  const { threads } = options;
  for (const between of linearLayers) {
    const own = { linearLayers: between, histograms: false };
    const calibration = new Calibration(network, {
      ...own,
      ...(threads !== undefined && { threads }),
    });
    if (fits(calibration, spiking.graph)) {
      return analyseWith(calibration, spiking, rows, options);
    }
  }
  const expected = 'one that was converted from the float network given';
  throw mismatch('E_ARGUMENT', 'spiking network', expected, phrase('another'));
}

function fits({ sites }: Calibration, { conversion, nodes }: Graph): boolean {
  const neurons = new Set(nodes.filter(({ kind }) => kind === 'neuron').map(({ name }) => name));
  const named = sites.every(({ name, readout }) => readout || neurons.has(name));
  return named && conversion?.scale.length === sites.length;
}

/** `analyse` with the sites that the conversion started from. */
export async function analyseWith(
  calibration: Calibration,
  spiking: Network,
  rows: Observations,
  { steps = 100, threads, signal, onProgress }: AnalyseOptions,
): Promise<NetworkAnalysis> {
  checkFloatArray(rows, 'observations');
  const width = calibration.network.inputSize;
  const count = rowsOf(rows, width, 'observations');
  const simulator = new Simulator(spiking, { steps, ...(threads !== undefined && { threads }) });
  const { firing, sums, uncompared } = layersOf(calibration, spiking, simulator);
  const updates = simulator.layers.reduce((sum, { units }) => sum + units * steps, 0);
  const cost = new CostSums(updates);
  const atOnce = rowsAtOnce(calibration);
  for (let first = 0; first < count; first += atOnce) {
    const piece = rows.subarray(first * width, Math.min(first + atOnce, count) * width);
    const activations = await calibration.activations(piece, { signal });
    const ran = await simulator.run(piece, {
      record: { counts: true, operations: true },
      signal,
      ...(onProgress && {
        onProgress: (done, total) => {
          onProgress(first + (done / total) * (piece.length / width), count);
        },
      }),
    });
    cost.add(ran);
    sums.forEach((layer, site) => {
      const counts = ran.counts![firing[site]!];
      const values = layer?.place.readout === true ? ran.q : undefined;
      if (values !== undefined) layer?.addValues(values, activations[site]!);
      else if (counts !== undefined) layer?.addCounts(counts, activations[site]!);
    });
  }
  const layers = sums.flatMap((layer) => (layer === undefined ? [] : [layer.result()]));
  simulator.close();
  return { steps, rows: count, layers, uncompared, cost: cost.result() };
}

function rowsAtOnce({ sites }: Calibration): number {
  const bytes = sites.reduce((sum, { units }) => sum + 8 * units, 0);
  return Math.max(1, Math.floor(bytesAtOnce / bytes));
}

interface Layers {
  /** Of each site its place among the layers that fire, −1 of one that does not. */
  readonly firing: readonly number[];
  readonly sums: readonly (LayerSums | undefined)[];
  readonly uncompared: readonly string[];
}

function layersOf({ sites }: Calibration, { graph }: Network, simulator: Simulator): Layers {
  const { scale = [], channelScales } = graph.conversion ?? {};
  const firing = simulator.layers.filter(({ fires }) => fires);
  const uncompared: string[] = [];
  const places = sites.map((site) => firing.findIndex(({ name }) => name === site.name));
  const sums = sites.map((site, index) => {
    const { name, units, channels } = site;
    const layer = firing[places[index]!];
    // An output that is a ReLU integrates like any other.
    const readout = site.readout || (layer === undefined && name === simulator.layers.at(-1)?.name);
    const known = readout ? simulator.unitsNote === undefined : layer?.units === units;
    if (!known) {
      uncompared.push(name);
      return undefined;
    }
    const scales = channelScales?.[index] ?? [scale[index]!];
    const place: LayerPlace = { name, units, channels, readout, scales };
    const burst = neuronsNamed(graph, name)?.burst ?? 1;
    return new LayerSums(place, simulator.steps, burst);
  });
  return { firing: places, sums, uncompared };
}

function neuronsNamed({ nodes }: Graph, name: string): NeuronNode | undefined {
  return nodes.find((node): node is NeuronNode => node.kind === 'neuron' && node.name === name);
}
