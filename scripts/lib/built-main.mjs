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
  const { main } = await import(pathToFileURL(built).href).catch((error) => {
    if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new SetupFailure(
      `spiq's packages are not all installed (${error.message}): run npm run setup.`,
    );
  });
  return main(argv);
}
