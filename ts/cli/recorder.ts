import type { Policy } from '../agent/policies.js';
import { ReplayRecorder } from '../agent/replay-recorder.js';
import { SpiqError } from '../errors.js';

export interface SavedReplay {
  readonly folder: string;
  readonly rows: number;
}

export interface Recorder {
  add(observation: Float32Array): void;
  save(): Promise<SavedReplay>;
}

export interface RecorderFlags {
  readonly saveReplay?: string;
  readonly replayRows?: number;
  readonly carry?: boolean;
}

/** What --save-replay asks for. */
export function openRecorder(
  flags: RecorderFlags,
  policy: Policy,
  width: number,
): Recorder | undefined {
  const { saveReplay: folder, replayRows } = flags;
  if (folder === undefined) {
    if (replayRows === undefined) return undefined;
    throw usage('--replay-rows: expected --save-replay beside it, received none');
  }
  const { outputs } = policy;
  if (outputs === undefined) {
    throw usage('--save-replay: expected decisions that stand alone, received --carry');
  }
  const recorder = new ReplayRecorder(width, replayRows);
  return {
    add: (observation) => recorder.add(observation),
    save: async () => {
      await recorder.save(folder, outputs);
      return { folder, rows: recorder.rows };
    },
  };
}

function usage(text: string): SpiqError {
  return new SpiqError('E_USAGE', text);
}
