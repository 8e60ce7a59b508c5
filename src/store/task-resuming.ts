import type { Lease } from './contract/lease.ts';
import type { TaskWrites } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import type { Db } from './schema.ts';
import { endTask } from './task-ending.ts';
import { forgetQuestions, requeueTask } from './task-requeueing.ts';
import { assertTransition, heldTask, updateTask } from './task-rows.ts';

type ResumingWrites = Pick<TaskWrites, 'recordJournal' | 'resume' | 'beginAgain' | 'prepareAgain' | 'park'>;

/** How a task goes on where an earlier worker stopped, and how it stops to wait for a person. */
export function resumingWrites(db: Db): ResumingWrites {
  return {
    async recordJournal(lease, journal) {
      const task = await heldTask(db, lease);
      await updateTask(db, task.id, { journal: JSON.stringify(journal) });
    },

    async resume(lease, { keep, void: asked }, now) {
      const task = await heldTask(db, lease);
      const { id: taskId, attempt } = task;
      const ofAttempt = db.selectFrom('nodes').where('task_id', '=', taskId).where('attempt', '=', attempt);
      const rows = await ofAttempt.select(['node_id', 'kind', 'status']).execute();
      const isOpen = (row: (typeof rows)[number]) => row.status === 'waiting' && !asked.includes(row.node_id);
      const undone = rows.filter(
        (row) => row.status !== 'pending' && !isOpen(row) && !keep.includes(topOf(row.node_id)),
      );
      for (const { node_id, kind, status } of undone) {
        const answered = kind === 'approval' && status !== 'skipped' && !asked.includes(node_id);
        await db
          .updateTable('nodes')
          .set({ status: answered ? 'waiting' : 'pending', ended_at: null })
          .where('task_id', '=', taskId)
          .where('attempt', '=', attempt)
          .where('node_id', '=', node_id)
          .execute();
      }
      if (asked.length > 0) await forgetQuestions(db, task, asked);
      await appendEvents(db, task.fleet_id, now, [
        { type: 'task_resumed', v: 1, taskId, attempt, undone: undone.length },
      ]);
    },

    async beginAgain(lease, reason, now) {
      await withoutJournal(db, lease, { reason, ranAgain: null }, now);
    },

    async prepareAgain(lease, reason, now) {
      await withoutJournal(db, lease, { reason, ranAgain: reason }, now);
    },

    async park(lease, now) {
      const task = await heldTask(db, lease);
      if (task.cancel_requested === 1) {
        await endTask(db, task, { status: 'cancelled', reason: 'The fleet was cancelled.' }, now);
        return;
      }
      const asked = await waitedFor(db, task.id, task.attempt);
      if (asked.length === 0) throw new Error(`Task ${task.id} waits for nothing.`);
      if (task.journal === null) throw new Error(`Task ${task.id} has nothing to go on from.`);
      const answered = asked.find(({ answered_at }) => answered_at !== null);
      const status = answered === undefined ? 'waiting' : 'queued';
      assertTransition(task.id, task.status, status);
      await updateTask(db, task.id, { status, lease_until: null, not_before: now });
      await appendEvents(db, task.fleet_id, now, [
        answered === undefined
          ? { type: 'task_waiting', v: 1, taskId: task.id }
          : { type: 'task_requeued', v: 1, taskId: task.id, reason: `\`${answered.node_id}\` was decided.` },
      ]);
    },
  };
}

async function withoutJournal(
  db: Db,
  lease: Lease,
  { reason, ranAgain }: { reason: string; ranAgain: string | null },
  now: number,
): Promise<void> {
  const task = await heldTask(db, lease);
  // What it had begun to publish is not on GitHub: until its next push a cancel takes effect again.
  const anew = { journal: null, publishing_at: null, publishing_tree: null };
  await updateTask(db, task.id, { ...anew, ...(ranAgain === null ? {} : { ran_again: ranAgain }) });
  await requeueTask(db, { ...task, ...anew }, reason, now, now);
}

/** A node within a group is undone with its group. */
const topOf = (nodeId: string): string => nodeId.split('/', 1)[0] ?? nodeId;

async function waitedFor(db: Db, taskId: string, attempt: number) {
  return await db
    .selectFrom('approvals')
    .innerJoin('nodes', (join) =>
      join
        .onRef('nodes.task_id', '=', 'approvals.task_id')
        .onRef('nodes.attempt', '=', 'approvals.attempt')
        .onRef('nodes.node_id', '=', 'approvals.node_id'),
    )
    .select(['approvals.node_id', 'approvals.answered_at'])
    .where('approvals.task_id', '=', taskId)
    .where('approvals.attempt', '=', attempt)
    .where('nodes.status', '=', 'waiting')
    .orderBy('approvals.seq')
    .execute();
}
