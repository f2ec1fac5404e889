import type { Convention, NirProfile } from './profiles.js';

export interface NirReadOptions {
  /** Whose reading of the file counts (left out: that of the file itself if spiq wrote it, else `generic`). */
  readonly profile?: NirProfile;
  /** Seconds a step; left out: what the file or the profile says. */
  readonly dt?: number;
}

export interface ReadContext {
  readonly what: string;
  readonly profile: NirProfile;
  readonly convention: Convention;
  readonly dt: number;
  /** False where dt is only the profile's assumption. */
  readonly dtKnown: boolean;
  readonly note: (text: string) => void;
}
