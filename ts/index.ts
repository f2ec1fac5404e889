export { SpiqError, errorCodes } from './errors.js';
export type { ErrorCode } from './errors.js';
export type {
  AccumulatorNode,
  AddNode,
  BatchNormNode,
  ConcatNode,
  ConvNode,
  ConvTransposeNode,
  Conversion,
  DenseNode,
  Edge,
  FlattenNode,
  Graph,
  GraphNode,
  InputNode,
  NeuronAttributes,
  NeuronNode,
  NodeKind,
  PoolMode,
  PoolNode,
  ReluNode,
  Reset,
  ReshapeNode,
  Tensor,
  ScaleNode,
  SelectNode,
  TransposeNode,
  UpsampleNode,
  PadNode,
} from './graph.js';
export { diagnose } from './doctor.js';
export type { Finding } from './doctor.js';
export { engineInfo } from './info.js';
export type { EngineInfo } from './info.js';
export { Network } from './network.js';
export { exportFormats } from './formats/export.js';
export type { ExportFormat, ExportNetworkOptions } from './formats/export.js';
export { nirProfiles } from './formats/nir/index.js';
export type { NirProfile } from './formats/nir/index.js';
export type {
  Exported,
  ForwardOptions,
  JobOptions,
  LoadNetworkOptions,
  Observations,
  Precision,
  Reals,
  SaveNetworkOptions,
} from './network.js';
export {
  Calibration,
  conversionMethods,
  convert,
  defaultCalibrationRows,
  defaultPercentile,
  granularities,
  linearLayers,
  maxPools,
  methods,
} from './convert/index.js';
export type {
  AddOptions,
  CalibrationOptions,
  CalibrationRows,
  ConversionMethod,
  ConvertOptions,
  Granularity,
  LinearLayers,
  MaxPool,
  MethodDefaults,
  MethodOptions,
} from './convert/index.js';
export { analyse } from './analysis/analyse.js';
export type { AnalyseOptions, NetworkAnalysis } from './analysis/analyse.js';
export { compareMethods } from './analysis/compare.js';
export type { Compared } from './analysis/compare.js';
export type { CompareOptions, CompareProgress, CompareStage } from './analysis/compare-options.js';
export type { ComparedMethod, MethodComparison, SkippedMethod } from './analysis/comparison.js';
export type { SimulationCost } from './analysis/cost.js';
export type { LayerAnalysis } from './analysis/layer.js';
export type { MethodScore } from './analysis/scores.js';
export { energyPerAccumulate, energyPerMultiplyAccumulate } from './simulator/energy.js';
export type { LayerOperations, Operations } from './simulator/energy.js';
export type {
  AnytimeOptions,
  AnytimeOutputs,
  EarlyExit,
  ExitOptions,
} from './simulator/anytime.js';
export type { Raster, RecordOptions, Recorded } from './simulator/record.js';
export { Stream } from './simulator/stream.js';
export type {
  StepOptions,
  StreamInput,
  StreamOptions,
  StreamOutputs,
  StreamSteps,
} from './simulator/stream.js';
export { Simulator, decodings, encodings, resets, semanticsNames } from './simulator.js';
export type {
  AsyncRunOptions,
  Decoding,
  Encoding,
  LayerTrace,
  RunOptions,
  Semantics,
  SimulatedLayer,
  SimulationOptions,
  SimulationResult,
  StreamPosition,
} from './simulator.js';
export { ChipEmulation, chipRoundings, emulateChip } from './fixed.js';
export type {
  ChipConnections,
  ChipEffect,
  ChipLayer,
  ChipLayerEffect,
  ChipNetwork,
  ChipOptions,
  ChipPrediction,
  ChipRounding,
  ChipTrace,
} from './fixed.js';
export { QTrainer, Trainer, losses, optimisers, surrogates } from './trainer.js';
export type {
  Gradient,
  GradientClip,
  Gradients,
  LearnOptions,
  Loss,
  Optimiser,
  QReport,
  QTrainerOptions,
  Schedule,
  Surrogate,
  SurrogateKind,
  Trainable,
  TrainerOptions,
  TransitionBatch,
} from './trainer.js';
export {
  convNetwork,
  denseNetwork,
  duelingNetwork,
  duelingNode,
  natureConvolutions,
  spikingNetwork,
} from './agent/builders.js';
export type {
  ConvNetworkOptions,
  Convolution,
  DenseNetworkOptions,
  DuelingNetworkOptions,
  SpikingNetworkOptions,
} from './agent/builders.js';
export type { Initialisation } from './agent/initial-weights.js';
export { argmax, argmaxRows } from './agent/argmax.js';
export { decodeCheckpoint, encodeCheckpoint } from './agent/checkpoint.js';
export type { AgentCheckpoint, AgentKind } from './agent/checkpoint.js';
export type { ChoiceState } from './agent/choice-state.js';
export type { ChosenNetwork, Kept } from './agent/choice.js';
export { ClassifierAgent } from './agent/classifier.js';
export type {
  ClassifierParts,
  ClassifierProgress,
  ClassifierTrainOptions,
  RecordedPlay,
} from './agent/classifier.js';
export { classifierParameters } from './agent/classifier-parameters.js';
export type { ClassifierParameters } from './agent/classifier-parameters.js';
export { DqnAgent } from './agent/dqn.js';
export { dqnParameters } from './agent/dqn-parameters.js';
export type { DqnParameters } from './agent/dqn-parameters.js';
export type { PlayParts } from './agent/dqn-parts.js';
export { initialNetwork } from './agent/networks.js';
export type { InitialNetwork, NetworkShape } from './agent/networks.js';
export type { NetworkParameters, OptimiserParameters } from './agent/network-parameters.js';
export type { Parameter, ParameterTable, ParametersOf } from './agent/parameters.js';
export type { EpisodeProgress, TrainOptions } from './agent/progress.js';
export { ReinforceAgent } from './agent/reinforce.js';
export { reinforceParameters } from './agent/reinforce-parameters.js';
export type { ReinforceParameters } from './agent/reinforce-parameters.js';
export type { Reward, RewardedStep } from './agent/rewards.js';
export type { Validation } from './agent/validation.js';
export { experimentNamed, experiments } from './experiments/index.js';
export type {
  ClassifierExperiment,
  Experiment,
  PublishedResult,
  Spread,
} from './experiments/index.js';
export type { RunOutcome } from './experiments/outcome.js';
export { findModel, modelNames } from './experiments/models.js';
export type { Model, ModelEnvironment } from './experiments/models.js';
export { summarise } from './experiments/summary.js';
export type { ExperimentSummary } from './experiments/summary.js';
export { trainRun } from './experiments/train-run.js';
export type { RunProgress, TrainRunOptions } from './experiments/run-parts.js';
export { evaluate } from './agent/evaluate.js';
export type {
  Act,
  EvaluateOptions,
  EvaluateProgress,
  Evaluation,
  PlayedEpisode,
  PlayedStep,
} from './agent/evaluate.js';
export { Film, filmFormats } from './agent/film.js';
export type { FilmFormat, FilmOptions } from './agent/film.js';
export { ReplayRecorder, defaultReplayRows } from './agent/replay-recorder.js';
export { PngAnimation, encodePng } from './formats/png.js';
export type { Picture } from './formats/png.js';
export { calibrationFromEnv } from './agent/calibration.js';
export type { EnvironmentRowsOptions } from './agent/calibration.js';
export { carryingPolicy, floatPolicy, spikingPolicy } from './agent/policies.js';
export type { Policy } from './agent/policies.js';
export { Acrobot, VectorAcrobot, type AcrobotOptions } from './env/acrobot.js';
export { Bricks, VectorBricks } from './env/bricks.js';
export type { BricksOptions } from './env/bricks.js';
export { CartPole, VectorCartPole, type CartPoleOptions } from './env/cart-pole.js';
export { MountainCar, VectorMountainCar, type MountainCarOptions } from './env/mountain-car.js';
export { checkEnvironment } from './env/check-environment.js';
export type { CheckEnvironmentOptions } from './env/check-environment.js';
export { Random } from './env/random.js';
export { RuledEnvironment } from './env/ruled.js';
export type { Outcome, Rules, TimeLimitOptions } from './env/rules.js';
export { Vectorised, vectorise } from './env/vectorise.js';
export { EnvironmentWorker, openGymnasium } from './env/gymnasium/index.js';
export type {
  AleOptions,
  CopyResults,
  EnvironmentDescription,
  EnvpoolOptions,
  GymnasiumActions,
  GymnasiumMakeOptions,
  GymnasiumObservation,
  GymnasiumOptions,
  WorkerChoice,
} from './env/gymnasium/index.js';
export { WorkerError } from './wire/errors.js';
export * from './bridge/index.js';
export {
  gameViews,
  isRemote,
  openGames,
  openGymnasiumGroup,
  openRemote,
} from './env/games/index.js';
export { WorkerGroup } from './env/games/index.js';
export type {
  GameOptions,
  GameView,
  GymnasiumGroupOptions,
  RemoteOptions,
} from './env/games/index.js';
export { wrapGroup } from './env/group.js';
export type { EnvironmentGroup } from './env/group.js';
export { environmentNames, makeEnvironment } from './env/registry.js';
export type { EnvironmentClass, EnvironmentFactory, EnvironmentName } from './env/registry.js';
export {
  Wrapper,
  historyOrders,
  historyPaddings,
  withActionRepeat,
  withHistory,
  withNoopStarts,
  withObservation,
  withReward,
  withTimeLimit,
} from './env/wrappers/index.js';
export type {
  HistoryOptions,
  HistoryOrder,
  HistoryPadding,
  NoopOptions,
  ObservationFunction,
  RewardFunction,
  RewardInfo,
} from './env/wrappers/index.js';
export type {
  BoxSpace,
  DiscreteSpace,
  Environment,
  Frame,
  Saved,
  SavedFields,
  StepResult,
  VectorEnvironment,
} from './env/env.js';
export {
  CsvTable,
  PhaseMeter,
  Run,
  episodeColumns,
  meanLargestOutput,
  ownColumns,
  parseCsv,
  phases,
  publishedColumns,
  readRun,
} from './run/index.js';
export type {
  Checkpoint,
  CheckpointContent,
  CheckpointInfo,
  Clock,
  CreateRunOptions,
  CsvOptions,
  EpisodeRow,
  Json,
  JsonObject,
  KeepPolicy,
  MeterState,
  NumericColumn,
  OpenRunOptions,
  PhaseName,
  PhaseRow,
  RunConfig,
  RunMachine,
  RunRecord,
} from './run/index.js';
export { bands, defaultFields, learningCurves, readSources } from './plot/index.js';
export type {
  Band,
  Curve,
  CurveOptions,
  CurvePanel,
  CurvePoint,
  CurveSource,
  Curves,
  Grouping,
  SourceOptions,
} from './plot/index.js';
export { FramePreprocessor, FrameRegion, preprocessNames } from './frames.js';
export type { FramePreprocessorOptions, PreprocessName } from './frames.js';
export { Replay } from './replay.js';
export type {
  ReplayFrame,
  FrameOptions,
  FrameType,
  PrioritisedOptions,
  ReplayBatch,
  ReplayMemory,
  ReplayOptions,
  StateType,
  States,
  StepOutcome,
} from './replay.js';
export { eachTransition, exportReplayFolder } from './replay/export.js';
export type { OutputsOf } from './replay/export.js';
export {
  openReplayRows,
  readReplayFolder,
  writeReplayFolder,
  writeReplayRows,
} from './formats/replay.js';
export type { ReplayFolder, ReplayRows } from './formats/replay.js';
export {
  Npz,
  openNpzRows,
  readNpy,
  readNpz,
  readNpzFile,
  selectArray,
  streamNpzRows,
  toFloat32,
  toFloat64,
  writeNpy,
  writeNpz,
} from './formats/npz/index.js';
export type {
  Converted,
  Dtype,
  NpyArray,
  NpyData,
  NpzEntries,
  NpzRows,
  NpzRowsOptions,
  WriteOptions,
} from './formats/npz/index.js';
export { exportOnnx, importOnnx } from './formats/onnx/index.js';
export type {
  ExportOptions,
  Forward,
  ImportOptions,
  ImportedOnnx,
  LayerDeviation,
  OracleCheck,
  OutputDeviation,
  OutputTail,
} from './formats/onnx/index.js';
export type { Layout } from './formats/layout.js';
export { runDemo } from './demo/run.js';
export type { DemoFiles, DemoOptions } from './demo/run.js';
export { demoTable } from './demo/table.js';
export type { DemoResult, DemoTraining } from './demo/result.js';
