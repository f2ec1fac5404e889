import { Command, CommanderError } from 'commander';
import { SpiqError } from '../errors.js';
import { commands } from './commands.js';
import { Terminal } from './terminal.js';

const epilogue = `
Every command takes --json (one object on stdout), --quiet, --threads and --help; those that draw take --seed.
Results go to stdout, progress and remarks to stderr.
Exit codes: 0 done, 1 failed, 2 command line not understood, 130 interrupted.

Examples:
  $ spiq doctor
  $ spiq convert net.onnx --method robust --calibration memory_inputs.npz -o snn.npz
  $ spiq simulate snn.npz --obs memory_inputs.npz -T 100 -o result.npz
  $ spiq test snn.npz --compare net.onnx --episodes 100`;

/** Runs one command line and resolves to the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const terminal = new Terminal(argv);
  try {
    const line = withoutVainHelp(argv);
    const program = await buildProgram(line, terminal);
    await program.parseAsync([...line], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return 0;
      return terminal.fail(new SpiqError('E_USAGE', error.message.replace(/^error: /, '')));
    }
    return terminal.fail(error);
  } finally {
    terminal.close();
  }
}

/** `help konvert` is answered like `konvert`: commander itself would fail without a word. */
function withoutVainHelp(argv: readonly string[]): readonly string[] {
  const [first, name] = argv;
  const vain =
    first === 'help' &&
    name !== undefined &&
    !name.startsWith('-') &&
    !commands.some((command) => command.name === name);
  return vain ? argv.slice(1) : argv;
}

/** Only the command that the line names is loaded; the others lend their names to the help. */
async function buildProgram(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('spiq')
    .description(
      'Turns Q-networks and other ONNX networks into spiking networks and simulates them.',
    )
    .addHelpText('after', epilogue)
    .version(await terminal.version(), '-V, --version')
    .exitOverride()
    .configureOutput({ writeErr: () => undefined })
    .showSuggestionAfterError(true);
  const wanted = argv.find((word) => !word.startsWith('-'));
  for (const { name, summary, load } of commands) {
    const command = program.command(name).description(summary);
    command.exitOverride().configureOutput({ writeErr: () => undefined });
    if (name === wanted || (wanted === 'help' && argv.includes(name)))
      (await load()).define(command, terminal);
  }
  if (wanted !== undefined && wanted !== 'help' && !commands.some(({ name }) => name === wanted)) {
    // Before commander stumbles over an option that stands in front of the unknown command.
    await program.parseAsync([wanted], { from: 'user' });
  }
  if (argv.length === 0) {
    program.outputHelp();
    throw new CommanderError(0, 'spiq.help', '');
  }
  return program;
}
