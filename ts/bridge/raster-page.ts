import { writeFileAtomically } from '../formats/atomic.js';
import type { Chart, LineSeries, RasterChart } from '../report/chart.js';
import type { Block } from '../report/report.js';
import { renderReport } from '../report/render.js';
import { renderSvg } from '../report/svg-file.js';
import { Simulator } from '../simulator.js';
import type { Bridge } from './bridge.js';
import { firingLayers, type BridgeModel } from './model.js';
import { referenceOptions, type BridgeSubject } from './options.js';
import type { BridgeRaster } from './raster.js';

export interface RasterAbout {
  readonly backend: string;
  readonly footer: string;
  readonly signal?: AbortSignal;
}

interface Panel {
  readonly title: string;
  readonly description: string;
  readonly chart: Chart;
}

/** Spikes and output potentials of one observation, here and there, as a page (.html) or a picture (.svg). */
export async function writeRasterPage(
  file: string,
  bridge: Bridge,
  subject: BridgeSubject,
  observation: Float64Array,
  { backend, footer, signal }: RasterAbout,
): Promise<void> {
  const { model } = bridge;
  const own = ownRaster(subject, model, observation);
  const other = await bridge.raster(observation, {
    potentials: true,
    ...(signal && { signal }),
  });
  const panels = [
    rasterPanel('spiq', own, model),
    rasterPanel(backend, other, model),
    potentialPanel(own, other, backend, model),
  ];
  const title = `One observation in spiq and in ${backend}`;
  const text = file.endsWith('.svg')
    ? renderSvg(panels, { title, note: footer })
    : renderReport({ title, blocks: panels.map(blockOf), footer });
  writeFileAtomically(file, new TextEncoder().encode(text));
}

function blockOf({ title, description, chart }: Panel): Block {
  return { kind: 'figure', title, caption: description, description, chart };
}

function ownRaster(
  { network, ...options }: BridgeSubject,
  { layers }: BridgeModel,
  observation: Float64Array,
): BridgeRaster {
  const simulator = new Simulator(network, referenceOptions(options));
  const { rasters = {}, potentials = {} } = simulator.runSync(observation, {
    record: { raster: true, potentials: [layers.at(-1)!.name] },
  });
  simulator.close();
  const spikes = Object.entries(rasters).map(([name, { step, unit }]) => [
    name,
    { step: Uint32Array.from(step), unit: Uint32Array.from(unit) },
  ]);
  return { spikes: Object.fromEntries(spikes) as BridgeRaster['spikes'], potentials };
}

function rasterPanel(name: string, { spikes }: BridgeRaster, model: BridgeModel): Panel {
  const groups: RasterChart['groups'] = firingLayers(model).map(({ name: layer, units }) => {
    const { step, unit } = spikes[layer]!;
    return {
      name: layer,
      size: units,
      events: Array.from(step, (at, k): [number, number] => [at, unit[k]!]),
    };
  });
  const counts = groups.map(({ name: layer, events }) => `${layer} ${events.length}`).join(', ');
  return {
    title: `Spikes in ${name}`,
    description: `Spikes of one observation in ${name}: ${counts}.`,
    chart: { kind: 'raster', x: { title: 'step' }, steps: model.steps, groups },
  };
}

function potentialPanel(
  own: BridgeRaster,
  other: BridgeRaster,
  backend: string,
  { layers, steps }: BridgeModel,
): Panel {
  const { name, units } = layers.at(-1)!;
  const lines = (engine: string, { potentials }: BridgeRaster): LineSeries[] =>
    Array.from({ length: units }, (_, unit) => ({
      name: `${engine}, output ${unit}`,
      points: Array.from({ length: steps }, (__, step): [number, number] => [
        step + 1,
        potentials![name]![step * units + unit]!,
      ]),
    }));
  const description = `Potentials of the outputs after each step, in spiq and in ${backend}.`;
  return {
    title: 'Potentials of the outputs',
    description,
    chart: {
      kind: 'line',
      x: { title: 'step' },
      y: { title: 'potential', fitted: true },
      series: [...lines('spiq', own), ...lines(backend, other)],
    },
  };
}
