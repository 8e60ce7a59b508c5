import { LIMIT_WAITS, type TaskWrites } from './contract/tasks.ts';
import { readEvent } from './documents.ts';
import type { Db } from './schema.ts';
import { endTask } from './task-ending.ts';
import { requeueTask } from './task-requeueing.ts';
import { heldTask } from './task-rows.ts';

const WAITED = "GitHub's limit: ";

/** What GitHub's limits mean for tasks. */
export function limitTaskWrites(db: Db): Pick<TaskWrites, 'waitForLimit'> {
  return {
    async waitForLimit(lease, message, notBefore, now) {
      const task = await heldTask(db, lease);
      // What has begun to publish goes on: a branch would stay that nothing shows.
      if (task.publishing_at !== null || (await waits(db, task.fleet_id, task.id)) < LIMIT_WAITS) {
        await requeueTask(db, task, `${WAITED}${message}`, notBefore, now);
        return;
      }
      const reason = `It met GitHub's limits ${LIMIT_WAITS + 1} times before it could publish: ${message}`;
      await endTask(db, task, { status: 'failed', category: 'rate_limited', reason }, now);
    },
  };
}

/** Since it was last asked for: a retry begins with none. */
async function waits(db: Db, fleetId: string, taskId: string): Promise<number> {
  const rows = await db
    .selectFrom('events')
    .select('body')
    .where('fleet_id', '=', fleetId)
    .where('type', 'in', ['task_requeued', 'task_retried', 'task_publish_requested'])
    .orderBy('seq')
    .execute();
  let count = 0;
  for (const { body } of rows) {
    const event = readEvent(body);
    if (!('taskId' in event) || event.taskId !== taskId) continue;
    if (event.type !== 'task_requeued') count = 0;
    else if (event.reason.startsWith(WAITED)) count += 1;
  }
  return count;
}
