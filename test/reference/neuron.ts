import type { AccumulatorNode, NeuronNode, Tensor } from '../../ts/graph.js';
import type { Arithmetic } from './arithmetic.js';
import type { ReferenceOptions } from './options.js';

const defaultEpsilon = 1e-5;

/** `native/base/neuron.h` for one unit, in words that do not share its code. */
export interface NeuronParameters {
  readonly semantics: 'direct' | 'dsqn';
  readonly fires: boolean;
  readonly reset: 'subtraction' | 'zero' | 'value';
  readonly alpha: number;
  readonly beta: number;
  /** θ' in `direct`, θ in `dsqn`, for each channel; one where all are alike. */
  readonly thresholds: readonly number[];
  /** What negative spikes of ternary units are compared with, likewise. */
  readonly negatives: readonly number[];
  readonly resetValue: number;
  /** Potentials before the first step, likewise. */
  readonly initials: readonly number[];
  readonly refractory: number;
  readonly burst: number;
  readonly ternary: boolean;
}

type Thresholds = readonly [positive: number, negative: number];

export interface UnitState {
  current: number;
  potential: number;
  /** Refractory steps still to pass. */
  waiting: number;
}

export function neuronParameters(
  node: NeuronNode | AccumulatorNode,
  fires: boolean,
  options: ReferenceOptions & { readonly epsilonOfGraph: number | undefined },
  { round }: Arithmetic,
): NeuronParameters {
  const own: Partial<NeuronNode> = node.kind === 'neuron' ? node : {};
  const { semantics = 'direct', epsilonOfGraph = defaultEpsilon } = options;
  const epsilon = options.epsilon ?? epsilonOfGraph;
  const thresholds =
    options.threshold === undefined && own.thresholds
      ? Array.from(own.thresholds.data)
      : [options.threshold ?? own.threshold ?? 1];
  const compared = thresholds.map((theta) =>
    semantics === 'direct' ? theta * (1 - epsilon) : theta,
  );
  const negatives = perChannel(own.negatives, own.negative ?? 1);
  const channels = Math.max(compared.length, negatives.length);
  const reset = options.reset ?? own.reset ?? 'subtraction';
  return {
    semantics,
    fires,
    reset,
    alpha: round(options.alpha ?? node.alpha ?? 0),
    beta: round(options.beta ?? node.beta ?? 1),
    thresholds: compared.map(round),
    negatives: Array.from({ length: channels }, (_, c) =>
      round(ofChannel(compared, c) * ofChannel(negatives, c)),
    ),
    resetValue: reset === 'value' ? round(own.resetValue ?? 0) : 0,
    initials: perChannel(node.initials, own.initial ?? 0).map(round),
    refractory: own.refractory ?? 0,
    burst: own.burst ?? 1,
    ternary: own.ternary ?? false,
  };
}

function perChannel(values: Tensor | undefined, all: number): number[] {
  return values === undefined ? [all] : Array.from(values.data);
}

/** One value may stand for all channels. */
export function ofChannel(values: readonly number[], channel: number): number {
  return values.length === 1 ? values[0]! : values[channel]!;
}

/** Moves one unit on by a step and returns its spikes. */
export function stepUnit(
  parameters: NeuronParameters,
  channel: number,
  unit: UnitState,
  input: number,
  arithmetic: Arithmetic,
): number {
  const step = parameters.semantics === 'direct' ? stepDirect : stepDsqn;
  const threshold = ofChannel(parameters.thresholds, channel);
  const negative = ofChannel(parameters.negatives, channel);
  return step(parameters, [threshold, negative], unit, input, arithmetic);
}

function stepDsqn(
  { fires, reset, alpha, beta }: NeuronParameters,
  [threshold]: Thresholds,
  unit: UnitState,
  input: number,
  { round }: Arithmetic,
): number {
  const fired = fires && unit.potential > threshold ? 1 : 0;
  unit.potential = round(round(beta * unit.potential) + unit.current);
  if (fired === 1) unit.potential = reset === 'zero' ? 0 : round(unit.potential - 1);
  unit.current = round(round(alpha * unit.current) + input);
  return fired;
}

function stepDirect(
  parameters: NeuronParameters,
  thresholds: Thresholds,
  unit: UnitState,
  input: number,
  { round }: Arithmetic,
): number {
  const { alpha, beta } = parameters;
  const rests = unit.waiting > 0;
  unit.current = round(round(alpha * unit.current) + (rests ? 0 : input));
  if (rests) {
    unit.waiting -= 1;
    return 0;
  }
  unit.potential = round(round(beta * unit.potential) + unit.current);
  if (!parameters.fires) return 0;

  const [count, rest] = spikesOf(parameters, thresholds, unit.potential, round);
  if (count === 0) return 0;
  unit.potential = parameters.reset === 'subtraction' ? rest : parameters.resetValue;
  unit.waiting = parameters.refractory;
  return count;
}

/** How often a unit fires, and what is left of its potential where θ' is taken each time. */
function spikesOf(
  { burst, ternary }: NeuronParameters,
  [threshold, negative]: Thresholds,
  potential: number,
  round: Arithmetic['round'],
): [count: number, rest: number] {
  let [count, rest] = [0, potential];
  for (let k = 0; k < burst; k += 1) {
    if (rest >= threshold) {
      count += 1;
      rest = round(rest - threshold);
    } else if (ternary && rest <= -negative) {
      count -= 1;
      rest = round(rest + negative);
    } else {
      break;
    }
  }
  return [count, rest];
}
