import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** The full path of a program named by path or to be found on PATH; undefined if there is none. */
export function findProgram(name, env = process.env) {
  if (name.includes('/') || name.includes(path.sep)) {
    return isProgram(name) ? path.resolve(name) : undefined;
  }
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  return (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find(isProgram);
}

function isProgram(file) {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Not executable for this user: the search goes on.
    return false;
  }
}
