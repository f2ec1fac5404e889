import { checkFloatArray, checkNames, rowsOf } from './check.js';
import { mismatch } from './errors.js';
import { writeFileAtomically } from './formats/atomic.js';
import { encodeAs } from './formats/export.js';
import type { ExportFormat, ExportNetworkOptions } from './formats/export.js';
import type { Layout } from './formats/layout.js';
import { loadGraph } from './formats/load.js';
import type { LoadedGraph } from './formats/load.js';
import type { NirProfile } from './formats/nir/index.js';
import { exportOnnx } from './formats/onnx/index.js';
import { encodeNetwork } from './formats/spiq-npz.js';
import type { WeightPrecision } from './formats/spiq-npz.js';
import { withWeightedLayer } from './formats/unit-layer.js';
import type { Graph } from './graph.js';
import { addon, defaultIsa, defaultThreads, runJob, translated } from './native.js';
import type { JobOptions, NativeGraph, Observations, Precision, Reals } from './native.js';

export type { JobOptions, Observations, Precision, Reals } from './native.js';

export interface ForwardOptions<P extends Precision = Precision> extends JobOptions {
  readonly precision?: P;
  readonly threads?: number;
  readonly isa?: string;
}

export interface LoadNetworkOptions {
  /** How the matrices of an .npz with bare weights lie; other files say it themselves. */
  readonly layout?: Layout;
  /** NIR: whose reading of the file counts; left out, what its metadata say, else `generic`. */
  readonly profile?: NirProfile;
  /** NIR: seconds a step; left out, what its metadata or the profile say. */
  readonly dt?: number;
  /** ONNX: name of the value to end at, an output of the file or any other; left out, its one output. */
  readonly output?: string;
  /** ONNX: sizes of one observation, for a file that leaves them open. */
  readonly inputShape?: readonly number[];
  /** ONNX: compare every layer with onnxruntime, not the outputs alone. */
  readonly checkLayers?: boolean;
}

/** What `export` did. */
export interface Exported {
  readonly format: ExportFormat;
  /** What was lost, and what a reader of the file has to know. */
  readonly notes: readonly string[];
}

export interface SaveNetworkOptions {
  /** `.npz` only; default `out-in`. */
  readonly layout?: Layout;
  /** `.npz` only; `float16` halves the file and rounds (default `float32`). */
  readonly weights?: WeightPrecision;
}

function checkInputShape(shape: readonly number[] | undefined): void {
  if (shape === undefined) return;
  const sound =
    Array.isArray(shape) &&
    shape.length > 0 &&
    shape.every((size) => Number.isSafeInteger(size) && size > 0);
  if (!sound) throw mismatch('E_ARGUMENT', 'inputShape', 'sizes of at least 1', shape);
}

/**
 * A network: the graph, validated once, with its float forward pass.
 *
 * ```ts
 * const network = await Network.load('models/cartpole-dqn.onnx');
 * const q = network.forwardSync(Float32Array.of(0, 0, 0.05, 0));
 * ```
 */
export class Network {
  readonly graph: Graph;
  readonly inputSize: number;
  readonly outputSize: number;
  /** True where the graph has neurons; such a network is run by a `Simulator`. */
  readonly spiking: boolean;
  /** Where the network came from, remarks of the import, and its check against onnxruntime. */
  readonly origin: Omit<LoadedGraph, 'graph'> | undefined;
  readonly #native: NativeGraph;

  private constructor(graph: Graph, origin?: Omit<LoadedGraph, 'graph'>) {
    this.graph = graph;
    this.origin = origin;
    this.#native = translated(() => new (addon().Graph)(graph));
    const { inputSize, outputSize, spiking } = this.#native.describe();
    this.inputSize = inputSize;
    this.outputSize = outputSize;
    this.spiking = spiking;
  }

  static fromGraph(graph: Graph): Network {
    return new Network(graph);
  }

  /** Reads ONNX, NIR, spiq's own .npz, or an .npz of weights alone; the content decides which. */
  static async load(file: string, options: LoadNetworkOptions = {}): Promise<Network> {
    const names = ['layout', 'profile', 'dt', 'output', 'inputShape', 'checkLayers'];
    checkNames(options, names, 'load option');
    checkInputShape(options.inputShape);
    const { profile, dt, ...rest } = options;
    const nir = { ...(profile !== undefined && { profile }), ...(dt !== undefined && { dt }) };
    const forward = async (graph: Graph, rows: Float32Array): Promise<Float32Array> =>
      new Network(withWeightedLayer(graph, file)).forward(rows);
    const { graph, ...origin } = await loadGraph(file, { ...rest, nir, forward });
    if (graph.outputs.length > 1 && origin.outputs !== undefined) {
      const expected = 'one; choose with the option output (--net-output)';
      throw mismatch('E_UNSUPPORTED', `${file}: outputs`, expected, origin.outputs);
    }
    return new Network(graph, origin);
  }

  /** Writes `.npz` or `.onnx`, by the name's ending; never a partial file. */
  save(file: string, options: SaveNetworkOptions = {}): void {
    checkNames(options, ['layout', 'weights'], 'save option');
    if (file.endsWith('.onnx')) {
      writeFileAtomically(file, exportOnnx(this.graph));
    } else if (file.endsWith('.npz')) {
      writeFileAtomically(file, encodeNetwork(this.graph, options));
    } else {
      throw mismatch(
        'E_ARGUMENT',
        'file to save a network to',
        'a name ending in .npz or .onnx (export writes other formats)',
        file,
      );
    }
  }

  /** Writes the network for other tools: NIR, a PyTorch state dictionary, ONNX or npz; never a partial file. */
  async export(file: string, options: ExportNetworkOptions = {}): Promise<Exported> {
    const { bytes, ...exported } = await encodeAs(this.graph, file, options);
    writeFileAtomically(file, bytes);
    return exported;
  }

  /** The float network's outputs for rows of observations laid end to end. */
  async forward<P extends Precision = 'float32'>(
    observations: Observations,
    options: ForwardOptions<P> = {},
  ): Promise<Reals<P>> {
    const call = this.#forwardCall(observations, options);
    return (await runJob(() => this.#native.forward(observations, call), options)) as Reals<P>;
  }

  /** `forward` on this thread, before it returns: for a few observations at a time. */
  forwardSync<P extends Precision = 'float32'>(
    observations: Observations,
    options: Omit<ForwardOptions<P>, keyof JobOptions> = {},
  ): Reals<P> {
    const call = this.#forwardCall(observations, options);
    return translated(() => this.#native.forwardSync(observations, call)) as Reals<P>;
  }

  /** The native handle, for the other classes of the façade. */
  static nativeOf(network: Network): NativeGraph {
    if (
      typeof (network as unknown) !== 'object' ||
      (network as unknown) === null ||
      !(#native in network)
    )
      throw mismatch('E_ARGUMENT', 'network', 'a Network', network);
    return network.#native;
  }

  #forwardCall(observations: Observations, options: ForwardOptions): object {
    checkNames(options, ['precision', 'threads', 'isa', 'signal', 'onProgress'], 'forward option');
    checkFloatArray(observations, 'observations');
    return {
      rows: rowsOf(observations, this.inputSize, 'observations'),
      precision: options.precision ?? 'float32',
      threads: options.threads ?? defaultThreads(),
      isa: options.isa ?? defaultIsa(),
    };
  }
}
