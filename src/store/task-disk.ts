import { ABANDONMENTS, isPatient, type TaskWrites } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import type { Db } from './schema.ts';
import { endTask } from './task-ending.ts';
import { requeueTask } from './task-requeueing.ts';
import { heldTask, updateTask } from './task-rows.ts';

type DiskTaskWrites = Pick<TaskWrites, 'forgetWorkspace' | 'waitForDisk'>;

/** What the disk means for tasks. */
export function diskTaskWrites(db: Db): DiskTaskWrites {
  return {
    async forgetWorkspace({ id, fence }, tell, now) {
      const row = await db
        .updateTable('tasks')
        .set({ workspace: null })
        .where('id', '=', id)
        .where('fence', '=', fence)
        .where('workspace', 'is not', null)
        .where((eb) =>
          eb.or([
            eb('status', 'in', ['completed', 'failed', 'cancelled', 'timed_out']),
            eb.and([eb('status', '=', 'queued'), eb('journal', 'is', null), eb('publishing_at', 'is', null)]),
          ]),
        )
        .returning('fleet_id')
        .executeTakeFirst();
      if (row !== undefined && tell) {
        await appendEvents(db, row.fleet_id, now, [{ type: 'workspace_removed', v: 1, taskId: id }]);
      }
      return row !== undefined;
    },

    async waitForDisk(lease, notBefore, now) {
      const task = await heldTask(db, lease);
      const publishes = isPatient(task.publishing_at, now);
      const abandonments = task.abandonments + (publishes ? 0 : 1);
      await updateTask(db, task.id, { abandonments });
      if (publishes || abandonments < ABANDONMENTS) {
        await requeueTask(db, task, "The server's disk is full.", notBefore, now);
        return;
      }
      const reason = `The server's disk was full ${abandonments} times while this task ran, so it is not tried again.`;
      await endTask(db, task, { status: 'failed', category: 'too_large', reason }, now);
    },
  };
}
