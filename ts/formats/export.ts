import { checkNames } from '../check.js';
import { mismatch, phrase } from '../errors.js';
import type { Graph } from '../graph.js';
import type { EncodedFile } from './encoded-file.js';
import type { Layout } from './layout.js';
import { encodeNir } from './nir/index.js';
import type { NirProfile } from './nir/index.js';
import { exportOnnx } from './onnx/index.js';
import { encodeNetwork } from './spiq-npz.js';
import type { WeightPrecision } from './spiq-npz.js';
import { encodeStateDict } from './state-dict.js';

export const exportFormats = ['npz', 'state-dict', 'onnx', 'nir'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportNetworkOptions {
  /** Left out: what the file's name ends in, `.npz`, `.onnx` or `.nir`. */
  readonly format?: ExportFormat;
  /** `npz`: how matrices lie (left out: `out-in`). */
  readonly layout?: Layout;
  /** `npz`: how weights are stored (left out: `float32`). */
  readonly weights?: WeightPrecision;
  /** `state-dict`: names of the modules that hold the weights, in order (left out: those of the nodes). */
  readonly keys?: readonly string[];
  /** `nir`: the library that will read the file (left out: `generic`). */
  readonly profile?: NirProfile;
  /** `nir`: seconds a step (left out: what that library assumes). */
  readonly dt?: number;
  /** `nir`: write what the file can hold and say what is lost, in place of a refusal. */
  readonly lossy?: boolean;
}

const optionsOf = {
  npz: ['layout', 'weights'],
  'state-dict': ['keys'],
  onnx: [],
  nir: ['profile', 'dt', 'lossy'],
} as const satisfies Record<ExportFormat, readonly (keyof ExportNetworkOptions)[]>;

export async function encodeAs(
  graph: Graph,
  file: string,
  options: ExportNetworkOptions,
): Promise<EncodedFile & { readonly format: ExportFormat }> {
  checkNames(options, ['format', ...Object.values(optionsOf).flat()], 'export option');
  const format = formatOf(file, options.format);
  const allowed: readonly string[] = optionsOf[format];
  for (const [name, value] of Object.entries(options)) {
    if (name === 'format' || value === undefined || allowed.includes(name)) continue;
    const expected = allowed.length === 0 ? phrase('no option') : phrase(allowed.join(', '));
    throw mismatch('E_ARGUMENT', `export as ${format}`, expected.text, phrase(name));
  }
  return { format, ...(await encode(graph, format, options)) };
}

function formatOf(file: string, format: ExportFormat | undefined): ExportFormat {
  if (format !== undefined) {
    if (exportFormats.includes(format)) return format;
    throw mismatch('E_ARGUMENT', 'export format', exportFormats.join(', '), format);
  }
  const found = (['npz', 'onnx', 'nir'] as const).find((ending) => file.endsWith(`.${ending}`));
  if (found !== undefined) return found;
  const expected = 'a name ending in .npz, .onnx or .nir, or a format';
  throw mismatch('E_ARGUMENT', 'file to export to', expected, file);
}

async function encode(
  graph: Graph,
  format: ExportFormat,
  { layout, weights, keys, profile, dt, lossy }: ExportNetworkOptions,
): Promise<EncodedFile> {
  switch (format) {
    case 'npz':
      return {
        bytes: encodeNetwork(graph, { ...(layout && { layout }), ...(weights && { weights }) }),
        notes: [],
      };
    case 'state-dict':
      return encodeStateDict(graph, keys === undefined ? {} : { keys });
    case 'onnx':
      return { bytes: exportOnnx(graph), notes: [] };
    case 'nir':
      return encodeNir(graph, {
        ...(profile !== undefined && { profile }),
        ...(dt !== undefined && { dt }),
        ...(lossy !== undefined && { lossy }),
      });
  }
}
