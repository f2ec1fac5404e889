import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** The folder that holds package.json; this file runs as dist/test/scripts/repository.js. */
export const repositoryRoot = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../../..',
);

/** A module under scripts/, which is plain JavaScript and so has its types written at the place of use. */
export async function importScript<Module>(file: string): Promise<Module> {
  return (await import(pathToFileURL(path.join(repositoryRoot, 'scripts', file)).href)) as Module;
}
