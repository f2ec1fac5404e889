import path from 'node:path';
import { openGymnasium, type EnvironmentWorker, type GymnasiumOptions } from '../../../ts/index.js';
import { repositoryRoot } from '../../scripts/repository.js';

/** Lets the workers that the tests of a suite start find test/env/gymnasium/spiq_cases.py. */
export function findCases(): void {
  let before: string | undefined;
  beforeEach(() => {
    before = process.env.PYTHONPATH;
    process.env.PYTHONPATH = path.join(repositoryRoot, 'test', 'env', 'gymnasium');
  });
  afterEach(() => {
    if (before === undefined) delete process.env.PYTHONPATH;
    else process.env.PYTHONPATH = before;
  });
}

/** One of the environments in spiq_cases.py. */
export function made(id: string, options: Record<string, unknown> = {}): GymnasiumOptions {
  return { kind: 'gymnasium', id: `spiq_cases:${id}-v0`, options };
}

/** Environments that are closed whatever comes of the work. */
export async function withWorker<T>(
  options: GymnasiumOptions,
  count: number,
  work: (worker: EnvironmentWorker) => Promise<T>,
): Promise<T> {
  const worker = await openGymnasium(options, count);
  try {
    return await work(worker);
  } finally {
    await worker.close();
  }
}
