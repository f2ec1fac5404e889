import process from 'node:process';

/** What the user can put right: printed as one sentence, without a stack. */
export class SetupFailure extends Error {
  name = 'SetupFailure';
}

/** Runs a script's main function; its number becomes the exit code. Faults of the script itself keep their stack. */
export async function runScript(main) {
  try {
    process.exitCode = (await main(process.argv.slice(2))) ?? 0;
  } catch (error) {
    process.stderr.write(
      error instanceof SetupFailure ? `${error.message}\n` : `${error?.stack ?? error}\n`,
    );
    process.exitCode = 1;
  }
}
