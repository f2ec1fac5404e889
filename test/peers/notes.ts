import { appendFileSync } from 'node:fs';

/** Keeps a measurement for the record of the run; scripts/peers.mjs names the file in SPIQ_PEERS_NOTES. */
export function note(title: string, value: unknown): void {
  const file = process.env.SPIQ_PEERS_NOTES;
  if (file) appendFileSync(file, `${JSON.stringify([title, value])}\n`);
}
