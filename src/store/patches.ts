import type { PatchReads, PatchWrites } from './contract/patches.ts';
import { readPatchFiles } from './documents.ts';
import { inChunks } from './rows.ts';
import type { Db } from './schema.ts';
import { heldTask } from './task-rows.ts';

export function patchReads(db: Db): PatchReads {
  return {
    async get(taskId, attempt) {
      const row = await db
        .selectFrom('patches')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('attempt', '=', attempt)
        .executeTakeFirst();
      if (row === undefined) return undefined;
      const { at, digest, size, diff } = row;
      return {
        taskId,
        attempt,
        at,
        digest,
        size,
        diff,
        files: readPatchFiles(row.files),
        truncated: row.truncated === 1,
      };
    },
    async summariesOfFleet(fleetId) {
      return await db
        .selectFrom('tasks')
        .innerJoin('patches', (join) =>
          join.onRef('patches.task_id', '=', 'tasks.id').onRef('patches.attempt', '=', 'tasks.attempt'),
        )
        .select(['tasks.id as taskId', 'tasks.attempt', 'patches.at', 'patches.digest', 'patches.size'])
        .where('tasks.fleet_id', '=', fleetId)
        .orderBy('tasks.position')
        .execute();
    },
  };
}

export function patchWrites(db: Db): PatchWrites {
  return {
    async put(lease, { taskId, attempt, at, digest, size, files, diff, truncated }) {
      const task = await heldTask(db, lease);
      if (taskId !== task.id || attempt !== task.attempt) {
        throw new Error(`The patch is of ${taskId}/${attempt}, held is ${task.id}/${task.attempt}.`);
      }
      await forgetPatches(db, [taskId]);
      await db
        .insertInto('patches')
        .values({
          task_id: taskId,
          attempt,
          at,
          digest,
          files: JSON.stringify(files),
          diff,
          size,
          truncated: truncated ? 1 : 0,
        })
        .execute();
    },
  };
}

/** What a pull request shows need not be kept, nor what can no longer become one. */
export async function forgetPatches(db: Db, taskIds: readonly string[]): Promise<void> {
  for (const chunk of inChunks(taskIds)) await db.deleteFrom('patches').where('task_id', 'in', chunk).execute();
}

/** Of a fleet from which nothing is published any more. */
export async function forgetPatchesOfFleet(db: Db, fleetId: string): Promise<void> {
  const ofFleet = db.selectFrom('tasks').select('id').where('fleet_id', '=', fleetId);
  await db.deleteFrom('patches').where('task_id', 'in', ofFleet).execute();
}
