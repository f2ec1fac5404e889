import type { Environment } from '../../ts/env/env.js';
import { RemoteCopy } from '../../ts/env/games/remote-copy.js';
import type { EnvironmentGroup } from '../../ts/env/group.js';

/** Environments of this process behind the interface of those that live elsewhere. */
export function localGroup(make: () => Environment, count: number): EnvironmentGroup {
  const inner = Array.from({ length: count }, make);
  const rows = inner.map(({ observationSpace }) => new Float32Array(observationSpace.size));
  const copies = inner.map(
    ({ observationSpace, actionSpace }, k) =>
      new RemoteCopy(observationSpace, actionSpace, rows[k]!),
  );
  return {
    environments: copies,
    reset: async (which, seeds) => {
      which.forEach((copy, k) => {
        rows[copy]!.set(inner[copy]!.reset(seeds[k]));
        copies[copy]!.bring({ kind: 'reset', seed: seeds[k]! });
      });
    },
    step: async (which, actions) => {
      which.forEach((copy, k) => {
        const action = actions[k]!;
        const came = inner[copy]!.step(action);
        rows[copy]!.set(came.observation);
        const result = { ...came, observation: rows[copy]! };
        copies[copy]!.bring({ kind: 'step', action, result });
      });
    },
    close: async () => undefined,
  };
}
