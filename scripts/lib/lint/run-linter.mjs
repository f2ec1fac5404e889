import path from 'node:path';
import process from 'node:process';
import { spawnTool } from '../run-tool.mjs';

/** Runs a linter and resolves to { ok, output }. */
export async function runLinter(root, command, args) {
  let output = '';
  const { code } = await spawnTool(
    command,
    args,
    { cwd: root, what: path.basename(command) },
    (chunk) => {
      output += chunk;
    },
  );
  return { ok: code === 0, output: output.trim() };
}

export function runNodeLinter(root, program, args) {
  return runLinter(root, process.execPath, [program, ...args]);
}
