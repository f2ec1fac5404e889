import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import process from 'node:process';
import { engineInfo } from '../ts/info.js';

export interface Machine {
  readonly cpu: string;
  readonly caches: readonly string[];
  readonly threads: number;
  readonly isas: readonly string[];
  readonly system: string;
  readonly node: string;
  readonly spiq: string;
  /** Processes that wanted to run in the minute before; above `threads` a measurement is worth little. */
  readonly load: number;
}

export function describeMachine(): Machine {
  const { isas, threads, version } = engineInfo();
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    caches: describeCaches('/sys/devices/system/cpu/cpu0/cache'),
    threads,
    isas,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    spiq: version,
    load: loadavg()[0]!,
  };
}

/** What Linux tells of the first core's caches; other systems have no such files. */
function describeCaches(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.startsWith('index'))
    .map((name) => {
      const read = (what: string): string =>
        readFileSync(`${folder}/${name}/${what}`, 'utf8').trim();
      return `L${read('level')} ${read('type').toLowerCase()} ${read('size')}`;
    });
}
