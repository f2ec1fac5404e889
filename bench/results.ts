import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { writeFileAtomically } from '../ts/formats/atomic.js';

const folder = fileURLToPath(new URL('../../bench/results/', import.meta.url));

export const today = (): string => new Date().toISOString().slice(0, 10);

export function writeResult(name: string, text: string): void {
  writeFileAtomically(path.join(folder, name), new TextEncoder().encode(text));
  process.stderr.write(`written: bench/results/${name}\n`);
}

export const toJson = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

export const verdict = (reached: boolean): string => (reached ? 'reached' : 'missed');
