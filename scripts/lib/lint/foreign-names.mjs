import { readFileSync } from 'node:fs';
import path from 'node:path';

// Only at the start of a path: `https://host/home/x` and `./home/x` name no folder of a machine.
const machinePath =
  /(?:(?<![\w.:/~])|(?<=-[IL])|(?<=file:\/\/))\/(?:home|Users|root|work|workspace|tmp|opt)\/[\w.-]+/;
const registryHost =
  /\b(?:registry\.(?:npmjs\.org|yarnpkg\.com)|(?:pypi|files\.pythonhosted)\.org|deb\.debian\.org|(?:index|static)\.crates\.io|proxy\.golang\.org|repo1?\.maven\.(?:apache\.org|org))\b/;

/** Complaints about paths of one machine and hosts of package registries in `text`. */
export function findForeignNames(file, text) {
  return text.split('\n').flatMap((line, index) => {
    const found = machinePath.exec(line)?.[0] ?? registryHost.exec(line)?.[0];
    return found === undefined ? [] : [`${file}:${index + 1}: ${found}`];
  });
}

export function checkForeignNames(root, files) {
  return files.flatMap((file) => {
    const content = readFileSync(path.join(root, file));
    // A zero byte marks a binary file, which is searched all the same: paths hide there too.
    return findForeignNames(file, content.toString('latin1'));
  });
}
