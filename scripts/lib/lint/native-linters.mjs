import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runLinter } from './run-linter.mjs';

/** clang-format over the given C++ files. */
export function clangFormat({ root, venv, fix }, files) {
  const mode = fix ? ['-i'] : ['--dry-run', '--Werror'];
  return runLinter(root, path.join(venv, 'clang-format'), [...mode, ...files]);
}

/** clang-tidy over the sources that some build compiles; as many at once as there are cores. */
export async function clangTidy({ root, venv, fix }, files) {
  const folder = path.join(root, 'build', 'lint');
  const compiled = mergeDatabases(root, ['build', 'build/tests', 'build/neon'], folder);
  const sources = files.filter((file) => compiled.has(path.join(root, file)));
  const missed = files.filter((file) => file.endsWith('.cc') && !sources.includes(file));
  const queue = [...sources];
  const results = [];
  const work = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const args = [
        '-p',
        folder,
        '--quiet',
        '--warnings-as-errors=*',
        ...(fix ? ['--fix'] : []),
        file,
      ];
      results.push(await runLinter(root, path.join(venv, 'clang-tidy'), args));
    }
  };
  // Two fixers must not write the same header.
  const workers = fix ? 1 : os.availableParallelism();
  await Promise.all(Array.from({ length: workers }, work));
  const failed = results.filter((result) => !result.ok).map((result) => result.output);
  const complaints = [
    ...distinctComplaints(failed, root),
    ...missed.map((file) => `${file}: compiled by no build, so clang-tidy cannot read it`),
  ];
  return { ok: complaints.length === 0, output: complaints.join('\n') };
}

/** Writes one compile_commands.json for all builds, each file once; returns the files in it. */
function mergeDatabases(root, builds, folder) {
  const entries = new Map();
  for (const build of builds) {
    const database = path.join(root, build, 'compile_commands.json');
    if (!existsSync(database)) continue;
    for (const entry of JSON.parse(readFileSync(database, 'utf8'))) {
      const file = path.resolve(entry.directory, entry.file);
      if (!entries.has(file)) entries.set(file, entry);
    }
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'compile_commands.json'), JSON.stringify([...entries.values()]));
  return entries;
}

/** The distinct complaints of several runs: a header's come back from every source that includes it. */
export function distinctComplaints(outputs, root) {
  const complaints = outputs.flatMap((output) =>
    output
      .replaceAll(`${root}${path.sep}`, '')
      .split('\n')
      .filter((line) => !summaryLine.test(line))
      .join('\n')
      // A complaint starts with its place; the lines after it belong to it.
      .split(/\n(?=[^\s:]+:\d+:\d+: (?:error|warning): )/),
  );
  return [...new Set(complaints.map((complaint) => complaint.trim()))].filter(Boolean).sort();
}

const summaryLine = /^\d+ warnings? (?:generated|treated as errors?)\.?$|^Suppressed /;
