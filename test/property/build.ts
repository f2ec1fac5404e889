import type { Graph } from '../../ts/graph.js';
import type { Observations } from '../../ts/native.js';
import type { RunOptions, SimulationOptions } from '../../ts/simulator.js';
import { elementCount } from '../reference/value.js';
import { addDense, addLayer } from './add-layer.js';
import { GraphBuilder } from './graph-builder.js';
import type { End, NodeWithoutName } from './graph-builder.js';
import type { Recipe } from './recipe.js';
import { Weights } from './weights.js';

/** A graph with everything that a run needs. */
export interface Scene {
  readonly graph: Graph;
  readonly options: SimulationOptions;
  readonly observations: Observations | undefined;
  readonly run: RunOptions;
  readonly trace: boolean;
}

/** Products in a run that the reference does in a few hundredths of a second. */
const mostWork = 300_000;

export function build(recipe: Recipe): Scene {
  const weights = new Weights(recipe.weightSeed, recipe.onGrid);
  const builder = new GraphBuilder(recipe, weights);
  const input = builder.add(inputOf(recipe, weights), []);
  const last = recipe.layers.reduce((end, layer) => addLayer(builder, layer, end), input);
  const [output, fires] = addOutput(builder, recipe, last);
  const graph = builder.finish(output);

  const straight = recipe.layers[0]?.layer === 'dense' && recipe.input.length === 1;
  const inputs = elementCount(recipe.input);
  const { run } = recipe;
  const twoInputNeurons = straight && run.twoInputNeurons;
  const biasAsObservation = straight && inputs > 1 && run.biasAsObservation;
  const rows = Math.max(1, Math.min(run.rows, Math.floor(mostWork / 10 / builder.work)));
  const steps = Math.max(1, Math.min(run.steps, Math.floor(mostWork / (rows * builder.work))));
  const options: SimulationOptions = {
    ...optionsOf(recipe, fires),
    steps,
    twoInputNeurons,
    biasAsObservation,
  };

  const observed = inputs - (biasAsObservation ? 1 : 0);
  const values = weights.observations(rows * observed);
  const encoded = (twoInputNeurons ? 2 : 1) * observed + (biasAsObservation ? 1 : 0);
  const given = options.encoding === 'spikes';
  return {
    graph,
    options,
    observations: given ? undefined : run.fine ? values : Float32Array.from(values),
    run: {
      seed: run.seed,
      firstObservation: run.seed % 1000,
      ...(given ? { rows, spikes: weights.counts(steps * rows * encoded) } : {}),
    },
    trace: run.trace,
  };
}

function inputOf({ input, run }: Recipe, weights: Weights): NodeWithoutName {
  const intake = run.encoding === 'spikes' ? 'nothing' : run.intake;
  const channels = input[0]!;
  const factor = intake === 'factor' || intake === 'both';
  const offset = intake === 'offset' || intake === 'both';
  return {
    kind: 'input',
    shape: input,
    ...(factor ? { factor: weights.factors(channels) } : {}),
    ...(offset ? { offset: weights.bias(channels) } : {}),
  };
}

/** The output node, and whether it may fire. */
function addOutput(
  builder: GraphBuilder,
  recipe: Recipe,
  last: End,
): [output: End, fires: boolean] {
  const { head, accumulates } = recipe;
  if (head === 0 && last.fired) return [last, true];
  const before = head === 0 ? last : addDense(builder, last, head, true);
  const { alpha, initials } = recipe.neurons;
  const potentials = initials ? { initials: builder.weights.initials(before.shape[0]!) } : {};
  const accumulator = { kind: 'accumulator', alpha, beta: 1, ...potentials } as const;
  return accumulates
    ? [builder.add(accumulator, [before]), false]
    : [builder.neurons(before), true];
}

function optionsOf({ run, neurons }: Recipe, fires: boolean): SimulationOptions {
  const isDirect = run.semantics === 'direct';
  const counts = run.decoding === 'spikes' || run.decoding === 'first_spike';
  const summary = run.decoding === 'mean_potential' || run.decoding === 'max_potential';
  const decoding = (counts && !fires) || (summary && !isDirect) ? 'potential' : run.decoding;
  const encoding = run.encoding === 'latency' && !isDirect ? 'equidistant' : run.encoding;
  const { semantics, epsilon } = run;
  const reset = isDirect && neurons.ternary ? {} : { reset: 'zero' as const };
  return {
    semantics,
    encoding,
    decoding,
    ...(epsilon === undefined ? {} : { epsilon }),
    ...(run.overrides ? { threshold: 0.6, alpha: 0.25, beta: 0.9, ...reset } : {}),
  };
}
