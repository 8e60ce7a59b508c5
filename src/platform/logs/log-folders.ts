import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LogFolders } from '../../ports/node-logs.ts';
import { safeName } from '../git/workspace-paths.ts';

/** Where a task's logs lie: beside its workspace, which goes earlier. @throws TaskFailure('internal') for a name that could leave the data directory */
export const logFolder = (dataDir: string, taskId: string): string => join(dataDir, 'logs', safeName(taskId));

/** @param dataDir absolute */
export function createLogFolders(dataDir: string): LogFolders {
  const root = join(dataDir, 'logs');
  return {
    async list() {
      const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
      return entries.flatMap((entry) =>
        entry.isDirectory() ? [{ taskId: entry.name, path: join(root, entry.name) }] : [],
      );
    },
    async bytes(path) {
      let sum = 0;
      for (const name of await readdir(path).catch((): string[] => [])) {
        // One that is written anew at this moment counts the next time.
        sum += await stat(join(path, name)).then(
          ({ blocks }) => blocks * 512,
          () => 0,
        );
      }
      return sum;
    },
    remove: (path) => rm(path, { recursive: true, force: true }),
  };
}
