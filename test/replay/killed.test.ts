import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Random } from '../../ts/env/random.js';
import { Replay } from '../../ts/index.js';
import { repositoryRoot } from '../scripts/repository.js';
import { episodeRows, killedOptions, observationOf, stepOf } from './killed-content.js';
import { ReplayModel } from './model.js';
import { expected, listed } from './play.js';
import type { DrawnRow } from './play.js';

const writer = path.join(repositoryRoot, 'dist', 'test', 'replay', 'killed-writer.js');

/** Starts the writer, kills it some milliseconds after its first words and gives what it last said. */
async function killWriter(file: string, after: number, fromStart: boolean): Promise<number> {
  const child = spawn(process.execPath, [writer, file], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let complaint = '';
  const kill = (): void => {
    setTimeout(() => child.kill('SIGKILL'), after);
  };
  child.stdout.once('data', () => {
    if (!fromStart) kill();
  });
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  if (fromStart) kill();
  const signal = await new Promise((resolve) => {
    child.once('close', (_, by) => resolve(by));
  });
  expect(signal, complaint).to.equal('SIGKILL');
  // The last line may be cut off, but not before its end was written.
  const lines = said.split('\n').slice(0, -1);
  return lines.length === 0 ? 0 : Number(lines.at(-1));
}

/** What can be drawn after so many rows, by a model that begins with the first episode that may matter. */
function drawable(rows: number, ring: number): DrawnRow[] {
  const first = Math.max(0, rows - ring - 2 * episodeRows);
  const start = first - (first % episodeRows);
  const model = new ReplayModel(killedOptions, ring);
  for (let row = start; row < rows; row += 1) {
    const step = stepOf(row);
    const frame = [...observationOf(row)];
    if (step === undefined) model.begin(frame, 0);
    else model.add(step.action, step.reward, frame, step.outcome, 0);
  }
  return expected(model).map((transition) => ({ ...transition, row: transition.row + start }));
}

function check(file: string, acknowledged: number): number {
  const replay = new Replay({ ...killedOptions, file });
  replay.verify();
  const rows = replay.observations;
  expect(rows).to.be.at.least(acknowledged);
  const ring = replay.memory.atMost.frames / killedOptions.observation.size;
  const [found, wanted] = [listed(replay), drawable(rows, ring)];
  // Not by chai alone: it would lay out hundreds of thousands of values.
  expect(found.map(({ row }) => row)).to.deep.equal(wanted.map(({ row }) => row));
  for (const [index, transition] of found.entries())
    expect(isDeepStrictEqual(transition, wanted[index]), `row ${transition.row}`).to.be.true;
  replay.close();
  return rows;
}

describe('replay: killed while it writes', () => {
  let folder = '';
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'spiq-killed-'));
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  it('loses no row that was added, whenever the process is killed', async function () {
    this.timeout(300_000);
    const file = path.join(folder, 'one.replay');
    const random = new Random(11);
    let rows = 0;
    for (let kill = 0; kill < 16; kill += 1) {
      const acknowledged = await killWriter(file, random.uniform(0, 120), false);
      rows = check(file, Math.max(acknowledged, rows));
    }
    expect(rows, 'rows, so that the ring was written over').to.be.greaterThan(4000);
  });

  it('has no file or a whole one, when the process is killed while it begins', async function () {
    this.timeout(300_000);
    const random = new Random(12);
    for (let kill = 0; kill < 12; kill += 1) {
      const file = path.join(folder, `new-${kill}.replay`);
      const acknowledged = await killWriter(file, random.uniform(40, 400), true);
      const there = readdirSync(folder).includes(path.basename(file));
      if (there) check(file, acknowledged);
      else expect(acknowledged).to.equal(0);
    }
  });
});
