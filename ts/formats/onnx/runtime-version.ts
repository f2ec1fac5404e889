import { createRequire } from 'node:module';

/** Version of the installed onnxruntime-node, or undefined without one. Does not load the library itself. */
export function onnxRuntimeVersion(): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)('onnxruntime-node/package.json');
    return (manifest as { version: string }).version;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}
