import type { NativeJob, Observations } from '../native.js';

/** As `native/binding/chip_fields.cc` reads them. */
export interface NativeChipLayer {
  readonly units: number;
  readonly fires: boolean;
  readonly dense?: Observations | undefined;
  readonly pre?: Uint32Array | undefined;
  readonly post?: Uint32Array | undefined;
  readonly value?: Observations | undefined;
  readonly bias?: Observations | undefined;
  readonly thresholds: Float64Array;
  readonly initial?: Observations | undefined;
  readonly shifts?: Int32Array | undefined;
}

export interface NativeChipNetwork {
  readonly inputs: number;
  readonly layers: readonly NativeChipLayer[];
}

export interface NativeChipParameters {
  readonly shifts: Int32Array;
  readonly connections: number;
  readonly vanished: number;
  readonly largestError: number;
  readonly unaligned: number;
}

export interface NativeChipResult {
  readonly counts: Uint32Array;
  readonly potentials: Float64Array;
  readonly tauM: number;
  readonly decay: number;
  readonly gain: number;
  readonly layers: readonly {
    readonly clipped: number;
    readonly overflows: number;
    readonly largestCurrent: number;
  }[];
}

export interface NativeChipTrace {
  readonly spikes: Uint32Array[];
  readonly potentials: Float64Array[];
}

/** As `native/binding/chip_wrap.cc` reads it. */
export interface NativeChipCall {
  readonly rows: number;
  readonly threads: number;
  readonly steps?: number | undefined;
  readonly tauM?: number | undefined;
  readonly rounding?: string | undefined;
}

export interface NativeChip {
  describe(): NativeChipParameters[];
  run(observations: Observations, options: NativeChipCall): NativeJob<NativeChipResult>;
  trace(observation: Observations, options: NativeChipCall): NativeJob<NativeChipTrace>;
}
