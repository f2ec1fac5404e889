import { mismatch } from '../../errors.js';

export type NirProfile = 'generic' | 'snntorch' | 'spikingjelly' | 'norse' | 'sinabs';

/** What a library that reads NIR makes of the same file; `docs/formats.md` tells the whole. */
export interface Convention {
  /** Seconds a step; what the library assumes, since NIR itself is in continuous time. */
  readonly dt: number;
  /** The dt under which the library's own files mean what the library computes. */
  readonly exportedDt: number;
  /** Units fire above their threshold, not at it. */
  readonly strict: boolean;
  /** A step of exp(−dt/τ) in place of 1 − dt/τ. */
  readonly exponential: boolean;
  /** Resistances count for a step: an IF of r = 1 adds its input as it is. */
  readonly stepwise: boolean;
  /** LIF nodes are read as if r were 1 (euler) or as if input were not weighted at all (exponential). */
  readonly ignoresResistance: boolean;
  /** What a spike does, whatever v_reset says. */
  readonly resets: 'as written' | 'to zero' | 'by subtraction';
  /** Potentials begin at v_reset and not at 0. */
  readonly beginsAtReset: boolean;
  /** Units fire in a step as often as the threshold fits into the potential. */
  readonly bursts: boolean;
  /** Read as they are written here. */
  readonly nodes: ReadonlySet<string>;
  /** One threshold for all units of a layer. */
  readonly uniform: boolean;
}

const common = ['Input', 'Output', 'Affine', 'Conv2d', 'Flatten', 'SumPool2d', 'IF', 'LIF'];

export const conventions: Readonly<Record<NirProfile, Convention>> = {
  generic: {
    dt: 1e-4,
    exportedDt: 1e-4,
    strict: true,
    exponential: false,
    stepwise: false,
    ignoresResistance: false,
    resets: 'as written',
    beginsAtReset: false,
    bursts: false,
    nodes: new Set([
      ...common,
      ...['Linear', 'Scale', 'Conv1d', 'AvgPool2d', 'Delay', 'Threshold', 'I', 'LI', 'CubaLI'],
      'CubaLIF',
    ]),
    uniform: false,
  },
  // import_nir.py of 1.0.0: β = 1 − dt/τ, `mem > threshold`, always reset to zero; IF would become a leak of 0.9.
  snntorch: {
    dt: 1e-4,
    exportedDt: 1e-4,
    strict: true,
    exponential: false,
    stepwise: true,
    ignoresResistance: false,
    resets: 'to zero',
    beginsAtReset: false,
    bursts: false,
    nodes: new Set([...common.filter((type) => type !== 'IF'), 'Linear', 'AvgPool2d', 'CubaLIF']),
    uniform: true,
  },
  // nir_exchange of 2.0.0: fires at the threshold; potentials begin at v_reset, and those of a LIF leak towards it.
  spikingjelly: {
    dt: 1e-4,
    exportedDt: 1e-4,
    strict: false,
    exponential: false,
    stepwise: false,
    ignoresResistance: false,
    resets: 'as written',
    beginsAtReset: true,
    bursts: false,
    nodes: new Set([...common, 'Linear', 'Conv1d', 'AvgPool2d', 'CubaLIF']),
    uniform: true,
  },
  // import_nir.py of 1.1.0 leaves v_reset and r of IF and LIF aside; export_nir.py writes dt/tau_mem_inv for τ, one dt too many.
  norse: {
    dt: 1e-3,
    exportedDt: 1e-6,
    strict: true,
    exponential: false,
    stepwise: true,
    ignoresResistance: true,
    resets: 'to zero',
    beginsAtReset: false,
    bursts: false,
    nodes: new Set([...common, 'CubaLIF']),
    uniform: false,
  },
  // nir.py of 3.1.3: τ in steps, input not normalised, subtraction and any number of spikes in a step.
  sinabs: {
    dt: 1,
    exportedDt: 1,
    strict: false,
    exponential: true,
    stepwise: true,
    ignoresResistance: true,
    resets: 'by subtraction',
    beginsAtReset: false,
    bursts: true,
    nodes: new Set([...common, 'LI']),
    uniform: false,
  },
};

export const nirProfiles = Object.keys(conventions) as readonly NirProfile[];

export function conventionOf(profile: NirProfile): Convention {
  if (Object.hasOwn(conventions, profile)) return conventions[profile];
  throw mismatch('E_ARGUMENT', 'NIR profile', nirProfiles.join(', '), profile);
}
