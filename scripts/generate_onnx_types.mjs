// Regenerates ts/formats/onnx/gen/onnx_pb.ts, which is committed so that building spiq needs no generator.
// Needs pip for the one download; the ONNX release is pinned here because its schema is what gets compiled.
import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const onnxRelease = '1.23.2';
const root = fileURLToPath(new URL('..', import.meta.url));
const target = join(root, 'ts/formats/onnx/gen');
const python = process.env.PYTHON ?? 'python3';
const work = mkdtempSync(join(tmpdir(), 'spiq-onnx-types-'));
const binaries = join(root, 'node_modules/.bin');
const environment = { ...process.env, PATH: binaries + delimiter + process.env.PATH };

function run(command, args) {
  execFileSync(command, args, { cwd: work, stdio: 'inherit', env: environment });
}

try {
  run(python, [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--no-deps',
    '--only-binary=:all:',
    `onnx==${onnxRelease}`,
  ]);
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl'));
  if (wheel === undefined) throw new Error(`pip left no wheel of onnx ${onnxRelease}`);
  run(python, ['-m', 'zipfile', '-e', wheel, 'wheel']);

  mkdirSync(join(work, 'proto'));
  copyFileSync(join(work, 'wheel/onnx/onnx.proto'), join(work, 'proto/onnx.proto'));
  const template = {
    version: 'v2',
    plugins: [{ local: 'protoc-gen-es', out: 'gen', opt: ['target=ts', 'import_extension=js'] }],
  };
  writeFileSync(join(work, 'buf.gen.json'), JSON.stringify(template));
  run('buf', ['generate', 'proto', '--template', 'buf.gen.json']);

  mkdirSync(target, { recursive: true });
  copyFileSync(join(work, 'gen/onnx_pb.ts'), join(target, 'onnx_pb.ts'));
} finally {
  rmSync(work, { recursive: true, force: true });
}
