import { SpiqError, isErrorCode } from '../errors.js';
import { Progress } from './progress.js';

/** Node reports a failed write later, at times after the command has returned: hence for the whole process. */
function watchStreams(): void {
  if (process.stdout.listeners('error').includes(onStdoutError)) return;
  process.stdout.on('error', onStdoutError);
  // Words for stderr that cannot be written have nowhere else to go, and the work does not depend on them.
  process.stderr.on('error', () => undefined);
}

/** A reader that has seen enough, as in `spiq … | head`, is no failure; a full disk is one. */
function onStdoutError(error: NodeJS.ErrnoException): void {
  if (error.code === 'EPIPE') return;
  process.stderr.write(`spiq: cannot write to stdout: ${error.message} [E_FILE]\n`);
  process.once('exit', () => {
    process.exitCode = 1;
  });
}

const exitCodes: Partial<Record<string, number>> = { E_USAGE: 2, E_CANCELLED: 130 };

/** Where a command's words go: results to stdout, everything else to stderr, and Ctrl-C to its signal. */
export class Terminal {
  readonly json: boolean;
  readonly quiet: boolean;
  readonly #abort = new AbortController();
  readonly #interrupt = (): void => {
    if (this.#abort.signal.aborted) process.exit(130);
    this.#abort.abort(new SpiqError('E_CANCELLED', 'interrupted'));
  };

  constructor(argv: readonly string[]) {
    this.json = argv.includes('--json');
    this.quiet = argv.includes('--quiet');
    watchStreams();
    process.on('SIGINT', this.#interrupt);
  }

  /** Aborted by Ctrl-C; a second Ctrl-C ends the process at once. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  async version(): Promise<string> {
    const { readFile } = await import('node:fs/promises');
    const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  }

  /** The command's result: `value` with --json, otherwise the lines of `text`. */
  result(value: unknown, text: () => string): void {
    if (this.json) process.stdout.write(`${JSON.stringify(value, finiteOrNull, 2)}\n`);
    else if (!this.quiet) process.stdout.write(`${text()}\n`);
  }

  note(text: string): void {
    if (!this.quiet) process.stderr.write(`note: ${text}\n`);
  }

  say(text: string): void {
    if (!this.quiet) process.stderr.write(`${text}\n`);
  }

  progress(label: string): Progress {
    return new Progress(label, this.quiet);
  }

  /** Prints an error as a user should see it and returns the exit code. */
  fail(error: unknown): number {
    if (!(error instanceof SpiqError)) {
      process.stderr.write(`spiq: this is a fault in spiq, please report it\n`);
      process.stderr.write(
        `${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
    const code = error instanceof SpiqError && isErrorCode(error.code) ? error.code : 'E_INTERNAL';
    const message = error instanceof Error ? error.message : String(error);
    if (this.json) process.stdout.write(`${JSON.stringify({ error: { code, message } })}\n`);
    if (error instanceof SpiqError) process.stderr.write(`spiq: ${message} [${code}]\n`);
    return exitCodes[code] ?? 1;
  }

  close(): void {
    process.off('SIGINT', this.#interrupt);
  }
}

/** JSON knows neither NaN nor infinity: both become null. */
function finiteOrNull(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isFinite(value) ? null : value;
}
