/** Everything the demonstration measured, as plain data that survives JSON. */
export interface DemoResult {
  /** How the network was trained; absent where one was given. */
  readonly training?: DemoTraining;
  readonly network: DemoNetwork;
  readonly conversion: DemoConversion;
  readonly simulation: DemoSimulation;
  readonly play: DemoPlay;
  /** Share of observations on which the spiking network picks the float network's action. */
  readonly agreement: {
    readonly observations: number;
    readonly curves: readonly {
      readonly semantics: 'direct' | 'dsqn';
      readonly points: readonly { readonly steps: number; readonly share: number }[];
    }[];
  };
  /** Spikes of a whole layer in each step, averaged over `observations`. */
  readonly activity: {
    readonly observations: number;
    readonly layers: readonly {
      readonly name: string;
      readonly spikesPerStep: readonly number[];
    }[];
  };
  readonly raster: {
    readonly observation: readonly number[];
    readonly floatAction: number;
    readonly spikingAction: number;
    readonly layers: readonly {
      readonly name: string;
      readonly neurons: number;
      /** Pairs of step and neuron, both from 0. */
      readonly spikes: readonly (readonly [number, number])[];
    }[];
  };
  /** What to type to do each step by hand. */
  readonly commands: readonly { readonly purpose: string; readonly command: string }[];
  readonly machine: DemoMachine;
}

export interface DemoTraining {
  /** Name of the settings, as `spiq train` knows them. */
  readonly experiment: string;
  /** Of each episode of training. */
  readonly returns: readonly number[];
  /** Mean returns of greedy episodes now and then. */
  readonly validations: readonly { readonly episode: number; readonly mean: number }[];
  readonly steps: number;
  readonly updates: number;
  readonly seconds: number;
  /** The episode after which the network was kept. */
  readonly kept: number;
}

export interface DemoNetwork {
  readonly file: string;
  /** Units of each layer, the input first: [4, 16, 16, 2]. */
  readonly units: readonly number[];
  readonly parameters: number;
  /** The check of the imported network against onnxruntime. */
  readonly check: {
    readonly observations: number;
    readonly largestDeviation: number;
    readonly runtimeVersion: string;
  };
}

export interface DemoConversion {
  readonly method: string;
  /** From 0 to 1; absent where the method knows none. */
  readonly percentile?: number;
  readonly calibrationRows: number;
  readonly layers: readonly {
    readonly name: string;
    readonly units: number;
    readonly scale: number;
  }[];
}

/** How the spiking network was run while it played. */
export interface DemoSimulation {
  readonly semantics: 'direct' | 'dsqn';
  readonly steps: number;
  readonly encoding: string;
  readonly decoding: string;
  /** All neurons, all steps, mean over the observations met while playing. */
  readonly spikesPerObservation: number;
}

export interface DemoPlay {
  readonly environment: string;
  readonly maxSteps: number;
  readonly seed: number;
  readonly float: DemoPlayer;
  /** `similarity` is to the float network, along the spiking network's own trajectory. */
  readonly spiking: DemoPlayer & { readonly similarity: number };
}

export interface DemoPlayer {
  readonly returns: readonly number[];
  readonly mean: number;
  /** null for a single episode. */
  readonly standardError: number | null;
  readonly observationsPerSecond: number;
}

export interface DemoMachine {
  readonly cpu: string;
  readonly threads: number;
  /** Instruction set that the kernels used, such as 'avx2'. */
  readonly isa: string;
  readonly nodeVersion: string;
  readonly spiqVersion: string;
  /** ISO 8601. */
  readonly date: string;
}
