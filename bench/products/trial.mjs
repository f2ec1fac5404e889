import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** One candidate at one thread count in a process of its own; see trial.cpp for the lines. */
export class Trial {
  #child;
  #lines;

  constructor(program, candidate, threads) {
    this.candidate = candidate;
    this.threads = threads;
    const { kind, library, prefix, environment = {} } = candidate;
    this.#child = spawn(program, [kind, library, prefix, String(threads)], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { ...process.env, ...environment },
    });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** The reason why this candidate cannot run here, or undefined. */
  async start() {
    const { error } = await this.#answer();
    return error;
  }

  async ask(command, { transposeA, transposeB, rows, depth, columns }, ...rest) {
    const words = [command, Number(transposeA), Number(transposeB), rows, depth, columns, ...rest];
    this.#child.stdin.write(`${words.join(' ')}\n`);
    const answer = await this.#answer();
    if (answer.error) throw new Error(`${this.candidate.name}: ${answer.error}`);
    return answer;
  }

  end() {
    this.#child.stdin.end();
  }

  async #answer() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${this.candidate.name}: the trial ended without an answer`);
    return JSON.parse(value);
  }
}
