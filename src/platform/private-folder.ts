import { accessSync, chmodSync, constants, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from '../ports/log.ts';

const OF_ALL_USERS = 0o1000;
/** No others: somebody may have named a folder that holds more than this. */
const OURS = /^(flotilla\.db|lock\.)|\.log$/;

/**
 * Makes the folder, and takes it and our files directly in it from everybody but their owner, also what a wider umask left
 * open: they hold plans and the output of private repositories. Nobody else gets through it to folders in it. A folder of all users, such as /tmp, is left as it is.
 */
export function makePrivateFolder(folder: string, log: Log): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw new Error(
      `FLEET_DATA_DIR (${folder}) cannot be written by this user: give it to the user of this process ` +
        `(chown -R <user> ${folder}), or name another folder.`,
      { cause: error },
    );
  }
  try {
    if ((statSync(folder).mode & OF_ALL_USERS) !== 0) throw new Error('it is a folder of all users');
    chmodSync(folder, 0o700);
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.isFile() && OURS.test(entry.name)) chmodSync(join(folder, entry.name), 0o600);
    }
  } catch (error) {
    log.warn({ err: error, folder }, 'other users of this machine may be able to read the data directory');
  }
}
