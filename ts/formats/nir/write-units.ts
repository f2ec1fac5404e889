import { mismatch } from '../../errors.js';
import type { AccumulatorNode, NeuronNode } from '../../graph.js';
import { below } from './float32.js';
import { group, text } from './hdf5/index.js';
import type { Hdf5Group } from './hdf5/index.js';
import { everyUnit } from './write-context.js';
import type { WriteContext } from './write-context.js';

type Shape = readonly number[];

/** Steps of a time constant behind which no float32 loses anything: a leak of nothing, for readers that want one. */
const endlessSteps = 2 ** 60;
/** Sinabs: exp of less than minus this is 0 in float32. */
const instantSteps = 1 / 200;
/** No potential of a sound network gets here. */
const outOfReach = 1e30;

interface Dynamics {
  readonly type: 'I' | 'IF' | 'LI' | 'LIF' | 'CubaLI' | 'CubaLIF';
  /** Time constants, resistances and weights of input: one for all units. */
  readonly fields: Readonly<Record<string, number>>;
  /** What the reader's potentials are of ours. */
  readonly share: number;
}

export function writeNeuron(node: NeuronNode, shape: Shape, context: WriteContext): Hdf5Group {
  loseWhatNobodyHas(node, context);
  const { alpha = 0, beta = 1 } = node;
  const resetValue = resetOf(node, context);
  loseInitial(node, context.convention.beginsAtReset ? resetValue : 0, context);
  const dynamics = dynamicsOf(node, alpha, beta, true, context);
  const thresholds = (node.thresholds?.data ?? [node.threshold ?? 1]) as ArrayLike<number>;
  if (context.convention.uniform && new Set(Array.from(thresholds)).size > 1) {
    throw context.refuse(node, 'one threshold for all channels', 'several');
  }
  const compared = Array.from(thresholds, (threshold) => {
    const reached = Math.fround(Math.fround(threshold * context.reached) * dynamics.share);
    return context.convention.strict ? below(reached) : reached;
  });
  const leaks = dynamics.type === 'LIF' && context.profile === 'spikingjelly' && resetValue !== 0;
  if (leaks) throw context.refuse(node, 'reset to 0 beside a leak', String(resetValue));
  return group({
    type: text(dynamics.type),
    ...constants(dynamics, shape),
    v_threshold: everyUnit(compared, shape),
    v_reset: everyUnit([resetValue * dynamics.share], shape),
  });
}

export function writeAccumulator(
  node: AccumulatorNode,
  shape: Shape,
  context: WriteContext,
): Hdf5Group {
  const { alpha = 0, beta = 1 } = node;
  if (node.initials !== undefined) context.lose(node, 'initials', 'potentials begin at 0');
  const fires = !context.holds('LI');
  const dynamics = dynamicsOf(node, alpha, beta, fires, context);
  if (fires) {
    const times = dynamics.share === 1 ? '' : `, ${dynamics.share} times ours`;
    context.notes.push(
      `node '${node.name}': written as units that never fire, since ${context.profile} reads no integrator: ` +
        `its values are their potentials${times}`,
    );
  }
  return group({
    type: text(dynamics.type),
    ...constants(dynamics, shape),
    ...(fires && { v_threshold: everyUnit([outOfReach], shape), v_reset: everyUnit([0], shape) }),
  });
}

function constants({ type, fields }: Dynamics, shape: Shape) {
  const all = type === 'I' || type === 'IF' ? fields : { ...fields, v_leak: 0 };
  return Object.fromEntries(
    Object.entries(all).map(([name, value]) => [name, everyUnit([value], shape)]),
  );
}

function dynamicsOf(
  node: NeuronNode | AccumulatorNode,
  alpha: number,
  beta: number,
  fires: boolean,
  context: WriteContext,
): Dynamics {
  const { convention, dt, profile } = context;
  const exponential = convention.exponential;
  if (alpha !== 0) {
    const type = fires ? 'CubaLIF' : 'CubaLI';
    if (!context.holds(type)) throw context.refuse(node, 'alpha of 0', String(alpha));
    const [membrane, synapse] = [tauOf(node, beta, context), tauOf(node, alpha, context)];
    const fields = { tau_mem: membrane, tau_syn: synapse, r: membrane / dt, w_in: synapse / dt };
    return { type, fields, share: 1 };
  }
  // Sinabs keeps the potentials of an IF, but not those of a LIF, above minus the threshold.
  const plain = fires ? 'IF' : 'I';
  if (beta === 1 && context.holds(plain) && !exponential) {
    return { type: plain, fields: { r: convention.stepwise ? 1 : 1 / dt }, share: 1 };
  }
  const type = fires ? 'LIF' : 'LI';
  const tau = tauOf(node, beta, context);
  if (profile === 'spikingjelly' && beta === 0) {
    throw context.refuse(node, 'beta above 0 (τ of more than a step)', '0');
  }
  if (!convention.ignoresResistance) return { type, fields: { tau, r: tau / dt }, share: 1 };
  return { type, fields: { tau, r: 1 }, share: exponential ? 1 : dt / tau };
}

function tauOf(
  node: NeuronNode | AccumulatorNode,
  kept: number,
  { convention, dt, profile }: WriteContext,
): number {
  if (!(kept >= 0 && kept <= 1)) {
    const label = `NIR export (${profile}): node '${node.name}': decay`;
    throw mismatch('E_RANGE', label, 'a number from 0 to 1', kept);
  }
  if (kept === 1) return dt * endlessSteps;
  if (!convention.exponential) return dt / (1 - kept);
  return kept === 0 ? dt * instantSteps : -dt / Math.log(kept);
}

function resetOf(node: NeuronNode, context: WriteContext): number {
  const { reset = 'subtraction', resetValue = 0 } = node;
  const { resets } = context.convention;
  if (resets === 'by subtraction') {
    if (reset !== 'subtraction') {
      context.lose(node, `reset '${reset}'`, `${context.profile} subtracts the threshold`);
    }
    return 0;
  }
  if (reset === 'subtraction') {
    context.lose(
      node,
      "reset 'subtraction'",
      'NIR knows only a value to reset to, which will be 0',
    );
    return 0;
  }
  if (reset === 'zero' || resetValue === 0) return 0;
  if (resets === 'as written') return resetValue;
  context.lose(node, `reset to ${resetValue}`, `${context.profile} resets to 0`);
  return 0;
}

function loseWhatNobodyHas(node: NeuronNode, context: WriteContext): void {
  const { burst = 1, refractory = 0, ternary = false } = node;
  if (refractory > 0) {
    context.lose(node, `refractory of ${refractory}`, 'units may fire in every step');
  }
  if (ternary) context.lose(node, 'ternary', 'units do not fire negative spikes');
  const { bursts } = context.convention;
  if (!bursts && burst > 1) context.lose(node, `burst of ${burst}`, 'units fire once in a step');
  if (bursts && burst < mostBurst) {
    context.lose(
      node,
      `burst of ${burst}`,
      `in ${context.profile} units fire as often as they can`,
    );
  }
}

function loseInitial(node: NeuronNode, begin: number, context: WriteContext): void {
  const { initial = 0, initials } = node;
  if (initials === undefined && initial === begin) return;
  const part = initials === undefined ? `potential of ${initial} at the beginning` : 'initials';
  context.lose(node, part, `potentials begin at ${begin}`);
}

/** The most that spiq's own units fire in a step. */
const mostBurst = 100;
