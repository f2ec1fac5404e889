import type { Graph } from '../graph.js';
import type { NativeJob, Observations } from '../native.js';
import type { NativeReplay } from './replay.js';

/** Into `out`; both arrays are of the trainer's precision. */
export type NativeTrainerForward = (
  observations: Observations,
  out: Observations,
  seed?: number,
  firstObservation?: number,
) => void;

/** What a loss is made of, in the order in which the addon takes it. */
export type NativeLoss = readonly [
  kind: string,
  targets?: Observations | undefined,
  actions?: Int32Array | undefined,
  returns?: Observations | undefined,
  weights?: Observations | undefined,
  limit?: number | undefined,
  correct?: number | undefined,
  wrong?: number | undefined,
];

export type NativeUpdate = (observations: Observations, ...loss: NativeLoss) => number;

export interface NativeGradient {
  readonly node: string;
  readonly field: string;
  readonly shape: number[];
  readonly data: Observations;
}

export interface NativeGradients {
  readonly loss: number;
  readonly outputs: Observations;
  readonly gradients: NativeGradient[];
}

type Progress = [updates: number, learningRate: number, gradientNorm: number];

interface NativeLearning {
  describe(): { inputSize: number; outputSize: number };
  progress(): Progress;
  save(): Uint8Array;
  restore(bytes: Uint8Array): void;
  close(): void;
}

export interface NativeTrainer extends NativeLearning {
  boundForward(): NativeTrainerForward;
  boundUpdate(): NativeUpdate;
  startUpdate(observations: Observations, ...loss: NativeLoss): NativeJob<number>;
  gradients(observations: Observations, ...loss: NativeLoss): NativeGradients;
  graph(): Graph;
}

export type NativeQForward = (
  observations: Observations,
  out: Float32Array,
  ofTarget: boolean,
  seed?: number,
  firstObservation?: number,
) => void;

/** Writes loss and mean Q to `report`. */
export type NativeLearnBatch = (
  observations: Observations,
  actions: Int32Array,
  rewards: Observations,
  nextObservations: Observations,
  discounts: Observations,
  weights: Observations | undefined,
  errors: Float32Array,
  report: Float64Array,
) => void;

export type NativeLearn = (
  replay: NativeReplay,
  batch: number,
  count: number,
  report: Float64Array,
) => void;

export interface NativeQTrainer extends NativeLearning {
  boundForward(): NativeQForward;
  boundLearn(): NativeLearn;
  startLearn(
    replay: NativeReplay,
    batch: number,
    count: number,
  ): NativeJob<[loss: number, meanQ: number]>;
  boundLearnBatch(): NativeLearnBatch;
  syncTarget(tau: number): void;
  graph(ofTarget: boolean): Graph;
}
