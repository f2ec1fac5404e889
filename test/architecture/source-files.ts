import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import type { SourceFile } from './arrows.js';

/** Paths of all files under `folder`, relative to `root`, with `/` on every system. */
export function listFiles(root: string, folder: string): string[] {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const child = `${folder}/${entry.name}`;
    return entry.isDirectory() ? listFiles(root, child) : [child];
  });
}

export function readNativeSources(root: string): SourceFile[] {
  return listFiles(root, 'native')
    .filter((file) => /\.(?:cc|h)$/.test(file))
    .map((file) => ({
      path: file,
      imports: nativeIncludes(readFileSync(path.join(root, file), 'utf8')),
    }));
}

/** `<name>` with its brackets, `"name"` without its quotes. */
export function nativeIncludes(text: string): string[] {
  return [...text.matchAll(/^\s*#\s*include\s*(?:(<[^>]+>)|"([^"]+)")/gm)].map(
    ([, bracketed, quoted]) => bracketed ?? quoted ?? '',
  );
}

export function readScriptSources(root: string): SourceFile[] {
  return listFiles(root, 'ts')
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({
      path: file,
      imports: scriptImports(file, readFileSync(path.join(root, file), 'utf8')),
    }));
}

/** Modules named by import, export … from, import() and require(); relative ones as paths from the root. */
export function scriptImports(file: string, text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
  const named = /\b(?:from|import|require)\s*\(?\s*['"]([^'"\n]+)['"]/g;
  return [...code.matchAll(named)].map(([, target = '']) =>
    target.startsWith('.')
      ? path.posix.join(path.posix.dirname(file), target).replace(/\.js$/, '.ts')
      : target,
  );
}
