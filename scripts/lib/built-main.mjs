import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { SetupFailure } from './failure.mjs';

/** Calls `main(argv)` of a compiled module and resolves to its exit code. */
export async function runBuiltMain(root, file, argv) {
  const built = path.join(root, file);
  if (!existsSync(built)) {
    throw new SetupFailure(`spiq is not built yet (${file} is missing): run npm run setup.`);
  }
  const { main } = await import(pathToFileURL(built).href);
  return main(argv);
}
