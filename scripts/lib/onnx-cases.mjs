import { rmSync } from 'node:fs';
import path from 'node:path';
import { withLock } from './lock.mjs';
import { ensurePython } from './python-env.mjs';
import { runTool } from './run-tool.mjs';
import { hashInputs, stampMatches, writeStamp } from './stamp.mjs';

const made = 'build/onnx-cases';
const sources = ['scripts/onnx_cases.py', 'scripts/requirements/onnx.txt'];

/** Writes the test cases of the onnx package into build/onnx-cases, unless they are there, and returns that folder. */
export async function ensureOnnxCases(root) {
  const folder = path.join(root, made);
  const stamp = path.join(folder, 'cases.stamp');
  const hash = hashInputs(root, sources);
  await withLock(path.join(root, `${made}.lock`), async () => {
    if (stampMatches(stamp, hash)) return;
    rmSync(folder, { recursive: true, force: true });
    const python = await ensurePython(root, 'onnx');
    const args = [path.join(root, sources[0]), folder];
    const what = 'python scripts/onnx_cases.py';
    await runTool({ root, log: 'onnx-cases', command: python, args, what });
    writeStamp(stamp, hash);
  });
  return folder;
}
