import path from 'node:path';
import process from 'node:process';
import { withLock } from './lock.mjs';
import { setupSteps } from './steps.mjs';
import { checkNode } from './toolchain.mjs';

/** Brings everything up to date that is stale. `names` limits the steps; nothing stale means nothing is said. */
export async function setUp(root, { quiet = false, names } = {}) {
  checkNode();
  const steps = setupSteps(root).filter((step) => names === undefined || names.includes(step.name));
  if (!steps.some((step) => step.isStale())) return;
  const say = quiet ? () => undefined : (text) => process.stderr.write(text);
  await withLock(
    path.join(root, 'build', 'setup.lock'),
    async () => {
      // What is missing on the machine is better said before the long steps than between them.
      for (const step of steps) if (step.isStale()) step.check?.();
      for (const step of steps) if (step.isStale()) await perform(step, say);
    },
    (pid) => say(`spiq set-up · waiting for another set-up (process ${pid}) to end\n`),
  );
}

export async function perform(step, say) {
  say(`spiq set-up · ${step.name} … `);
  const start = performance.now();
  try {
    await step.run();
  } catch (error) {
    say('failed\n');
    throw error;
  }
  say(`${step.done} in ${seconds(performance.now() - start)}\n`);
}

function seconds(milliseconds) {
  const value = milliseconds / 1000;
  return value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`;
}

/** The names of the steps that a set-up would run now. */
export function staleSteps(root) {
  return setupSteps(root)
    .filter((step) => step.isStale())
    .map((step) => step.name);
}
