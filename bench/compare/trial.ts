/** What every trial tells of itself. */
export interface TrialAbout {
  /** With its group before a slash. */
  readonly name: string;
  /** How many times the best counted peer's rate spiq is to reach; null where that is only shown. */
  readonly target: number | null;
  /** The same against peers that stand beside the counted ones. */
  readonly besideTargets?: Readonly<Record<string, number>>;
}

/** Trials of that name, or those whose name starts with it, the group left out or not. */
export function selectTrials<T extends TrialAbout>(
  trials: readonly T[],
  only: string,
): readonly T[] {
  const short = ({ name }: T): string => name.slice(name.indexOf('/') + 1);
  const exact = trials.filter((trial) => trial.name === only || short(trial) === only);
  if (exact.length > 0) return exact;
  return trials.filter((trial) => trial.name.startsWith(only) || short(trial).startsWith(only));
}
