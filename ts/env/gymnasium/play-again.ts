import { mismatch, phrase } from '../../errors.js';
import { resultsPerCopy, type EnvironmentCalls } from './calls.js';
import type { Beginning, Episodes, StepOutcome } from './episodes.js';

interface Replayed {
  readonly copy: number;
  readonly episodes: Episodes;
  /** What comes next. */
  beginning: number;
  step: number;
}

/** Plays copies in a new worker to where they were in the one before, all side by side, and compares what comes. */
export async function playAgain(
  calls: EnvironmentCalls,
  episodes: ReadonlyMap<number, Episodes>,
): Promise<void> {
  const all = [...episodes].map(([copy, played]): Replayed => ({
    copy,
    episodes: played,
    beginning: 0,
    step: 0,
  }));
  for (;;) {
    const begins = all.filter((one) => nextBeginning(one) !== undefined);
    if (begins.length > 0) await begin(calls, begins);
    const steps = all.filter(
      (one) => one.step < one.episodes.steps && nextBeginning(one) === undefined,
    );
    if (steps.length > 0) await step(calls, steps);
    else if (begins.length === 0) return;
  }
}

function nextBeginning({ episodes, beginning, step }: Replayed): Beginning | undefined {
  const next = episodes.beginnings[beginning];
  return next?.at === step ? next : undefined;
}

async function begin(calls: EnvironmentCalls, all: readonly Replayed[]): Promise<void> {
  const beginnings = all.map((one) => nextBeginning(one)!);
  const lives = await calls.reset(
    all.map(({ copy }) => copy),
    beginnings.map(({ seed }) => seed),
    beginnings.map(({ noops }) => noops),
  );
  all.forEach((one, k) => {
    one.beginning += 1;
    if (lives[k] === beginnings[k]!.lives) return;
    const [were, are] = [`${beginnings[k]!.lives} lives`, phrase(`${lives[k]!}`)];
    throw mismatch('E_STATE', `start of copy ${one.copy}, played again`, were, are);
  });
}

async function step(calls: EnvironmentCalls, all: readonly Replayed[]): Promise<void> {
  const results = await calls.step(
    all.map(({ copy }) => copy),
    all.map(({ episodes, step: at }) => episodes.action(at)),
  );
  all.forEach((one, k) => {
    const was = one.episodes.outcome(one.step);
    const [reward, flags, lives] = results.slice(k * resultsPerCopy);
    const is = { reward: reward!, flags: flags!, lives: lives! };
    one.step += 1;
    if (was.reward === is.reward && was.flags === is.flags && was.lives === is.lives) return;
    const what = `step ${one.step} of copy ${one.copy}, played again in a new worker`;
    const expected = `${shown(was)} as before, since an environment has to be deterministic`;
    throw mismatch('E_STATE', what, expected, phrase(shown(is)));
  });
}

function shown({ reward, flags, lives }: StepOutcome): string {
  const end = ['', ', terminated', ', truncated', ', terminated and truncated'][flags] ?? '';
  return `reward ${reward}${lives < 0 ? '' : `, ${lives} lives`}${end}`;
}
