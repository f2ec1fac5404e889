import path from 'node:path';

/** Where a run keeps one of its networks. */
export function networkFile(folder: string, name: string): string {
  return path.join(folder, 'networks', `${name}.npz`);
}

export function runFolder(root: string, experiment: string, seed: number): string {
  return path.join(root, experiment, `seed-${seed}`);
}
