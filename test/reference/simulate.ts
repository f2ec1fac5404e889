import type { Graph, InputNode } from '../../ts/graph.js';
import type { Observations } from '../../ts/native.js';
import { arithmetics } from './arithmetic.js';
import type { Arithmetic } from './arithmetic.js';
import { arrange } from './arrange.js';
import type { Place } from './arrange.js';
import { Decoder } from './decode.js';
import { encoder, prepared } from './encode.js';
import { neuronParameters } from './neuron.js';
import type { NeuronParameters } from './neuron.js';
import { operatorMaker } from './operators.js';
import { defaultSteps } from './options.js';
import type { ReferenceOptions } from './options.js';
import { Recorder } from './record.js';
import type { ReferenceResult } from './record.js';
import { forFirstLayer } from './first-layer.js';
import { RowSimulation } from './row.js';
import { elementCount } from './value.js';
import type { OperatorMaker } from './value.js';

/** A graph compiled for the reference: of each place its operator, or the parameters of its units. */
export interface Plan {
  readonly places: readonly Place[];
  readonly makers: ReadonlyMap<Place, OperatorMaker>;
  readonly neurons: ReadonlyMap<Place, NeuronParameters>;
  readonly arithmetic: Arithmetic;
}

/**
 * Simulates a spiking graph as docs/architecture.md defines it: one row after the other, step by step, place by
 * place, unit by unit. It shares no code with the engine, and is meant to be read.
 */
export function referenceSimulate(
  graph: Graph,
  observations: Observations | undefined,
  options: ReferenceOptions = {},
): ReferenceResult {
  const { steps = defaultSteps, decoding = 'potential' } = options;
  const input = graph.nodes.find(({ kind }) => kind === 'input') as InputNode;
  const plan = compile(forFirstLayer(graph, options), options);
  const inputs = elementCount(plan.places[0]!.shape);
  const own = inputs - (options.biasAsObservation === true ? 1 : 0);
  const observationSize = options.twoInputNeurons === true ? own / 2 : own;
  const rows = observations ? observations.length / observationSize : options.rows!;
  const recorder = new Recorder(plan, rows, steps, options.trace ?? false);

  for (let row = 0; row < rows; row += 1) {
    const valuesOf = (given: Observations | undefined): Float64Array => {
      const part = given?.subarray(row * observationSize, (row + 1) * observationSize) ?? [];
      return prepared(Array.from(part), input, options, plan.arithmetic);
    };
    const { later } = options;
    const [before, after] = [valuesOf(observations), valuesOf(later?.observations)];
    const valuesAt = (step: number): Float64Array =>
      later !== undefined && step >= later.from ? after : before;
    const simulation = new RowSimulation(plan, encoder(options, valuesAt, row, rows, inputs));
    const decoder = new Decoder(decoding, recorder.outputSize);
    let step = 0;
    for (let known = false; step < steps && !known; step += 1) {
      simulation.step(step);
      recorder.step(row, step, simulation.layers);
      known = decoder.see(simulation.output);
    }
    recorder.finish(row, step, decoder.finish(step, plan.arithmetic));
  }
  return recorder.result;
}

function compile(graph: Graph, options: ReferenceOptions): Plan {
  const arithmetic = arithmetics[options.precision ?? 'float32'];
  const places = arrange(graph);
  const makers = new Map<Place, OperatorMaker>();
  const neurons = new Map<Place, NeuronParameters>();
  const counts = options.decoding === 'spikes' || options.decoding === 'first_spike';
  for (const place of places) {
    const { node, sources, isOutput } = place;
    if (node.kind === 'input') continue;
    if (node.kind === 'neuron' || node.kind === 'accumulator') {
      const fires = node.kind === 'neuron' && (!isOutput || counts);
      const all = { ...options, epsilonOfGraph: graph.epsilon };
      neurons.set(place, neuronParameters(node, fires, all, arithmetic));
    } else {
      const shapes = sources.map((source) => places[source.place]!.shape);
      makers.set(place, operatorMaker(place, shapes, arithmetic));
    }
  }
  return { places, makers, neurons, arithmetic };
}
