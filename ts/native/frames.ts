/** A file that another process writes frames to. */
export interface NativeFrameRegion {
  read(offset: number, into: Uint8Array): void;
  close(): void;
}

/** As `native/binding/preprocessor_wrap.cc` reads them. */
export interface NativePreprocessorOptions {
  readonly kind: string;
  readonly height?: number | undefined;
  readonly width?: number | undefined;
  readonly copies?: number | undefined;
  readonly isa?: string | undefined;
}

type TakeFrames = (
  copy: number,
  newest: Uint8Array,
  before: Uint8Array | undefined,
  into: Uint8Array,
  at: number,
) => void;

type TakeFramesFrom = (
  region: NativeFrameRegion,
  copies: Int32Array,
  slotBytes: number,
  beforeOffset: number | undefined,
  into: Uint8Array,
) => void;

export interface NativePreprocessor {
  describe(): { readonly shape: number[]; readonly frameBytes: number };
  readonly begin: TakeFrames;
  readonly step: TakeFrames;
  readonly beginFrom: TakeFramesFrom;
  readonly stepFrom: TakeFramesFrom;
}
