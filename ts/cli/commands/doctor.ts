import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Command } from 'commander';
import { SpiqError } from '../../errors.js';
import { onnxRuntimeVersion } from '../../formats/onnx/runtime-version.js';
import { engineInfo } from '../../info.js';
import { addCommonOptions } from '../options.js';
import { table } from '../table.js';
import type { Terminal } from '../terminal.js';

interface Line {
  readonly what: string;
  /** Whether it can be used; a part that is merely optional may say no. */
  readonly usable: boolean;
  readonly detail: string;
}

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export function define(command: Command, terminal: Terminal): void {
  addCommonOptions(command.addHelpText('after', '\nExample:\n  $ spiq doctor --json')).action(
    async () => {
      const engine = engineInfo();
      const isa = process.env.SPIQ_ISA;
      if (isa !== undefined && isa !== 'auto' && !engine.isas.includes(isa)) {
        throw new SpiqError(
          'E_ARGUMENT',
          `SPIQ_ISA: expected one of ${['auto', ...engine.isas].join(', ')}, received '${isa}'`,
        );
      }
      const lines: Line[] = [
        {
          what: 'spiq',
          usable: true,
          detail: `${engine.version}, addon built with GCC-compatible ${engine.compiler}`,
        },
        {
          what: 'Node.js',
          usable: true,
          detail: `${process.version} on ${process.platform}-${process.arch}`,
        },
        {
          what: 'processor',
          usable: true,
          detail: `${cpus()[0]?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
        },
        { what: 'threads', usable: true, detail: String(engine.threads) },
        {
          what: 'instruction sets',
          usable: true,
          detail: `${engine.isas.join(', ')}; in use: ${isa ?? engine.isas.at(-1)!}`,
        },
        { what: 'back end cpu', usable: true, detail: 'float32 and float64' },
        cudaLine(engine.cuda),
        { what: 'back ends nest, spinnaker', usable: false, detail: 'not part of this version' },
        await onnxRuntimeLine(),
        await toolLine('C++ compiler', process.env.CXX ?? 'c++', ['--version']),
        await toolLine('CMake', 'cmake', ['--version']),
        await pythonLine(),
        environmentsLine(),
      ];
      terminal.result({ engine, lines }, () =>
        table(
          ['part', 'usable'],
          lines.map(({ what, usable }) => [what, usable ? 'yes' : 'no']),
        )
          .split('\n')
          .map((row, index) =>
            index === 0 ? `${row}  detail` : `${row}  ${lines[index - 1]!.detail}`,
          )
          .join('\n'),
      );
    },
  );
}

function cudaLine({ devices, note }: { devices: number; note: string }): Line {
  const detail =
    devices === 0 ? note : `${devices} device(s), first ${note}; this build has no CUDA kernels`;
  return { what: 'back end cuda', usable: false, detail };
}

async function onnxRuntimeLine(): Promise<Line> {
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

async function toolLine(what: string, program: string, args: readonly string[]): Promise<Line> {
  try {
    const { stdout } = await promisify(execFile)(program, args);
    return { what, usable: true, detail: stdout.split('\n')[0]!.trim() };
  } catch {
    return { what, usable: false, detail: `'${program}' not found; needed only to build spiq` };
  }
}

async function pythonLine(): Promise<Line> {
  const { usable, detail } = await toolLine('Python', 'python3', ['--version']);
  return {
    what: 'Python',
    usable,
    detail: usable ? detail : 'not found; needed only for what drives Python',
  };
}

/** The managed virtual environments that `npm run setup -- --python PROFILE` made. */
function environmentsLine(): Line {
  const home = path.join(root, '.venv');
  const made = existsSync(home)
    ? readdirSync(home).filter((name) => existsSync(path.join(home, name, 'pyvenv.cfg')))
    : [];
  const detail = made.length === 0 ? 'none set up; made when a command needs one' : made.join(', ');
  return { what: 'Python environments', usable: made.length > 0, detail };
}
