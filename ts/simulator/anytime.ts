import { checkNames } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import type { NativeAnytime, Precision, Reals } from '../native.js';
import type { InUnits } from '../readout.js';

export interface ExitOptions {
  /** By how much the best output has to lead the second, both divided by the steps so far. */
  readonly margin: number;
  /** For how many steps in a row (default 1). */
  readonly patience?: number;
  /** Steps before which no row ends (default 1). */
  readonly least?: number;
  /** Goes on to T all the same, and says how often the action there is another. */
  readonly verify?: boolean;
}

export interface AnytimeOptions {
  /** After which steps outputs are wanted, ascending (default: every step; none with `exit`). */
  readonly steps?: readonly number[];
  readonly exit?: ExitOptions;
}

/** Outputs on the way, each as a run of just so many steps gives them. */
export interface AnytimeOutputs<P extends Precision = Precision> {
  readonly steps: readonly number[];
  /** [steps][rows][outputs]. */
  readonly out: Reals<P>;
  readonly q?: Reals<P>;
}

/** Where rows ended early. */
export interface EarlyExit<P extends Precision = Precision> {
  /** Steps of each row, T where the rule never held. */
  readonly steps: Int32Array;
  /** Index of the best output of each row where it ended. */
  readonly actions: Int32Array;
  /** What was decoded there, [rows][outputs]. */
  readonly out: Reals<P>;
  /** Share of all steps that were not needed. */
  readonly saving: number;
  /** With `verify`: share of the rows whose best output after T steps is another. */
  readonly disagreement?: number;
}

export interface AnytimeCall {
  readonly steps?: Int32Array;
  readonly exit?: ExitOptions;
}

export function anytimeCall(
  options: AnytimeOptions | undefined,
  lastStep: number,
): AnytimeCall | undefined {
  if (options === undefined) return undefined;
  checkNames(options, ['steps', 'exit'], "run option 'anytime'");
  const { steps, exit } = options;
  if (exit !== undefined) checkExit(exit);
  if (exit !== undefined && exit.verify !== true && steps !== undefined) {
    const expected = "no 'steps' beside an 'exit' without 'verify', which ends rows before them";
    throw mismatch('E_ARGUMENT', "run option 'anytime'", expected, phrase('both'));
  }
  if (steps !== undefined) checkSteps(steps, lastStep);
  const every = (): Int32Array => Int32Array.from({ length: lastStep }, (_, i) => i + 1);
  const points = steps === undefined ? (exit ? undefined : every()) : Int32Array.from(steps);
  return { ...(points ? { steps: points } : {}), ...(exit ? { exit } : {}) };
}

function checkExit(exit: ExitOptions): void {
  checkNames(exit, ['margin', 'patience', 'least', 'verify'], 'early exit');
  const { margin } = exit;
  if (typeof margin !== 'number' || !(margin >= 0) || margin === Infinity) {
    throw mismatch('E_RANGE', "early exit 'margin'", 'a finite number from 0 on', margin);
  }
}

function checkSteps(steps: readonly number[], lastStep: number): void {
  if (!Array.isArray(steps) || steps.length === 0) {
    throw mismatch('E_ARGUMENT', "run option 'anytime': steps", 'a list of steps', steps);
  }
  let before = 0;
  for (const step of steps as readonly number[]) {
    if (!Number.isInteger(step) || step <= before || step > lastStep) {
      const expected = `ascending whole numbers from 1 to T = ${lastStep}`;
      throw mismatch('E_RANGE', "run option 'anytime': steps", expected, step);
    }
    before = step;
  }
}

/** The outputs on the way, with their worth in the float network's units where `unitsAt` knows it. */
export function anytimeOutputs<P extends Precision>(
  native: NativeAnytime,
  { steps }: AnytimeCall,
  unitsAt: (steps: number) => InUnits | undefined,
): AnytimeOutputs<P> | undefined {
  if (steps === undefined) return undefined;
  const { out } = native;
  const each = out.length / steps.length;
  const units = Array.from(steps, unitsAt);
  const known = units.every((unit) => unit !== undefined);
  const q = known ? out.map((raw, i) => units[Math.floor(i / each)]!(raw)) : undefined;
  const outputs = { steps: Array.from(steps), out, ...(q ? { q } : {}) };
  return outputs as unknown as AnytimeOutputs<P>;
}

export function earlyExit<P extends Precision>(
  native: NativeAnytime,
  { exit }: AnytimeCall,
  lastStep: number,
): EarlyExit<P> | undefined {
  if (exit === undefined) return undefined;
  const { exitSteps, exitActions, exitOut, lastActions } = native;
  const rows = exitSteps.length;
  const used = exitSteps.reduce((sum, steps) => sum + steps, 0);
  const others = exitActions.filter((action, row) => action !== lastActions[row]).length;
  const ended = {
    steps: exitSteps,
    actions: exitActions,
    out: exitOut,
    saving: 1 - used / (rows * lastStep),
    ...(exit.verify === true ? { disagreement: others / rows } : {}),
  };
  return ended as unknown as EarlyExit<P>;
}
