import { closeSync, constants, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

const FOLDER = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
const FRESH = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW | constants.O_NONBLOCK;

/**
 * Makes a new file in place of whatever bears its name, where untrusted code may have been before.
 * Returns its descriptor. Throws when the folder was replaced by a link, or a folder bears the name.
 */
export function openFreshFile(path: string): number {
  const folder = openSync(dirname(path), FOLDER);
  try {
    // By the folder that is open now: by its name another could take its place in between.
    const place = process.platform === 'linux' ? join(`/proc/self/fd/${folder}`, basename(path)) : path;
    rmSync(place, { force: true });
    return openSync(place, FRESH, 0o600);
  } finally {
    closeSync(folder);
  }
}

/**
 * Puts a new file in the place of another, which those who read it meanwhile never find missing or half written.
 * @throws as openFreshFile does, and when the disk is full
 */
export function writeFreshFile(path: string, content: string | Uint8Array): void {
  const file = openFreshFile(`${path}.new`);
  try {
    writeFileSync(file, content);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}
