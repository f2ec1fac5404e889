import { mismatch, phrase, show } from '../../errors.js';
import type { GraphNode } from '../../graph.js';
import { elementsOf } from '../sizes.js';
import { floats } from './hdf5/index.js';
import type { Hdf5Numbers } from './hdf5/index.js';
import type { Convention, NirProfile } from './profiles.js';

export interface NirWriteOptions {
  /** The library that will read the file (left out: `generic`, the equations of NIR as they stand). */
  readonly profile?: NirProfile;
  /** Seconds a step (left out: what that library assumes). */
  readonly dt?: number;
  /** Write what the file can hold and say what is lost, in place of a refusal. */
  readonly lossy?: boolean;
}

export class WriteContext {
  readonly notes: string[] = [];

  constructor(
    readonly profile: NirProfile,
    readonly convention: Convention,
    readonly dt: number,
    readonly lossy: boolean,
    /** 1 − ε: potentials are compared with this share of the threshold. */
    readonly reached: number,
  ) {}

  label({ name }: GraphNode): string {
    return `NIR export (${this.profile}): node ${show(name)}`;
  }

  /** A part that no file for this profile can hold, whatever one gives up. */
  refuse(node: GraphNode, expected: string, received: string): Error {
    return mismatch('E_UNSUPPORTED', this.label(node), expected, phrase(received));
  }

  /** A part that is left out where losses are allowed; `instead` is what the reader will do. */
  lose(node: GraphNode, part: string, instead: string): void {
    if (!this.lossy) {
      const expected = `what such a file can hold, or lossy to leave it out (${instead})`;
      throw this.refuse(node, expected, part);
    }
    this.notes.push(`node ${show(node.name)}: ${part} is lost: ${instead}`);
  }

  holds(type: string): boolean {
    return this.convention.nodes.has(type);
  }
}

/** A value for each channel, or one for all, as NIR wants it: one for every unit. */
export function everyUnit(values: ArrayLike<number>, shape: readonly number[]): Hdf5Numbers {
  const count = elementsOf(shape);
  const inner = count / values.length;
  const data = Float32Array.from({ length: count }, (_, unit) => values[Math.floor(unit / inner)]!);
  return floats(shape, data);
}
