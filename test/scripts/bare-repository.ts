import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repositoryRoot } from './repository.js';

/** The scripts work on the repository they lie in, so a copy of them is a repository that lacks everything. */
export class BareRepository {
  readonly root = mkdtempSync(path.join(os.tmpdir(), 'spiq-setup-'));
  /** The only folder on PATH. */
  readonly programs = path.join(this.root, 'programs');

  constructor() {
    const scripts = path.join(this.root, 'scripts');
    cpSync(path.join(repositoryRoot, 'scripts'), scripts, { recursive: true });
    this.putFile('package.json', '{ "type": "module" }');
    mkdirSync(this.programs);
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  putFile(name: string, text: string): void {
    const file = path.join(this.root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }

  /** `body` is shell and has the shell's own commands only. */
  putProgram(name: string, body: string): void {
    const file = path.join(this.programs, name);
    writeFileSync(file, `#!/bin/sh\n${body}\n`);
    chmodSync(file, 0o755);
  }

  run(script: string, args: string[] = [], env: Record<string, string> = {}) {
    const result = spawnSync(process.execPath, [path.join(this.root, 'scripts', script), ...args], {
      cwd: this.root,
      encoding: 'utf8',
      env: { PATH: this.programs, ...env },
    });
    return { status: result.status, text: result.stderr.trim(), output: result.stdout };
  }
}
