import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mismatch } from './errors.js';
import { onnxRuntimeVersion } from './formats/onnx/runtime-version.js';
import { engineInfo } from './info.js';
import { defaultIsa } from './native.js';

export interface Finding {
  readonly what: string;
  /** Whether it can be used; a part that is merely optional may say no. */
  readonly usable: boolean;
  readonly detail: string;
}

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What this machine and installation can do, one finding for each part. */
export async function diagnose(): Promise<readonly Finding[]> {
  const engine = engineInfo();
  const isa = defaultIsa();
  const known = ['auto', ...engine.isas];
  if (!known.includes(isa)) {
    throw mismatch('E_ARGUMENT', 'SPIQ_ISA', `one of ${known.join(', ')}`, isa);
  }
  const inUse = isa === 'auto' ? engine.isas.at(-1)! : isa;
  const memory = Math.round(totalmem() / 2 ** 30);
  const plain = (what: string, detail: string): Finding => ({ what, usable: true, detail });
  return [
    plain('spiq', `${engine.version}, addon built with ${engine.compiler}`),
    plain('Node.js', `${process.version} on ${process.platform}-${process.arch}`),
    plain('processor', `${cpus()[0]?.model.trim() ?? 'unknown'}, ${memory} GiB`),
    plain('threads', String(engine.threads)),
    plain('instruction sets', `${engine.isas.join(', ')}; in use: ${inUse}`),
    plain('back end cpu', 'float32 and float64'),
    cudaLine(engine.cuda),
    await onnxRuntimeLine(),
    hdf5Line(),
    await toolLine('C++ compiler', process.env.CXX ?? 'c++', ['--version']),
    await toolLine('CMake', 'cmake', ['--version']),
    await pythonLine(),
    environmentsLine(),
  ];
}

function cudaLine({ devices, note }: { devices: number; note: string }): Finding {
  const detail =
    devices === 0 ? note : `${devices} device(s), first ${note}; this build has no CUDA kernels`;
  return { what: 'back end cuda', usable: false, detail };
}

async function onnxRuntimeLine(): Promise<Finding> {
  const what = 'onnxruntime';
  try {
    await import('onnxruntime-node');
    return { what, usable: true, detail: onnxRuntimeVersion() ?? 'unknown version' };
  } catch (error) {
    return {
      what,
      usable: false,
      detail: `imports go unverified: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}

/** Only looked for: loading it would keep its memory for as long as this process lives. */
function hdf5Line(): Finding {
  const what = 'HDF5';
  try {
    import.meta.resolve('h5wasm/node');
    return { what, usable: true, detail: 'h5wasm, for NIR files' };
  } catch {
    return { what, usable: false, detail: 'no NIR files: the package h5wasm is not installed' };
  }
}

async function toolLine(what: string, program: string, args: readonly string[]): Promise<Finding> {
  try {
    const { stdout } = await promisify(execFile)(program, args);
    return { what, usable: true, detail: stdout.split('\n')[0]!.trim() };
  } catch {
    return { what, usable: false, detail: `'${program}' not found; needed only to build spiq` };
  }
}

async function pythonLine(): Promise<Finding> {
  const { usable, detail } = await toolLine('Python', 'python3', ['--version']);
  return {
    what: 'Python',
    usable,
    detail: usable ? detail : 'not found; needed only for what drives Python',
  };
}

/** The managed virtual environments that `npm run setup -- --python PROFILE` made. */
function environmentsLine(): Finding {
  const home = path.join(root, '.venv');
  const made = existsSync(home)
    ? readdirSync(home).filter((name) => existsSync(path.join(home, name, 'pyvenv.cfg')))
    : [];
  const detail = made.length === 0 ? 'none set up; made when a command needs one' : made.join(', ');
  return { what: 'Python environments', usable: made.length > 0, detail };
}
