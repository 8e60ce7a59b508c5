import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TaskLogs } from '../../ports/node-logs.ts';
import { logFolder } from './log-folders.ts';
import { readLog } from './read-log.ts';

/** @param dataDir absolute */
export function createTaskLogs(dataDir: string): TaskLogs {
  return {
    tail: readLog,
    async ofTask(taskId) {
      const folder = logFolder(dataDir, taskId);
      const names = await readdir(folder).catch((): string[] => []);
      return names.map((name) => ({ name, path: join(folder, name) }));
    },
  };
}
