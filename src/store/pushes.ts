import type { Selectable } from 'kysely';
import type { PushReads, PushRow, PushWrites } from './contract/pushes.ts';
import { readEvent } from './documents.ts';
import { appendEvents } from './events.ts';
import { nextSeq } from './rows.ts';
import type { Db, PushesTable } from './schema.ts';
import { heldTask } from './task-rows.ts';

function pushRow(row: Selectable<PushesTable>): PushRow {
  return {
    id: row.id,
    repositoryId: row.repository_id,
    branch: row.branch,
    sha: row.sha,
    expected: row.expected,
    taskId: row.task_id,
    fleetId: row.fleet_id,
    state: row.state,
    at: row.at,
  };
}

export function pushReads(db: Db): PushReads {
  const newestFirst = db.selectFrom('pushes').selectAll().orderBy('seq', 'desc');
  return {
    async ofBranch(repositoryId, branch) {
      const rows = await newestFirst.where('repository_id', '=', repositoryId).where('branch', '=', branch).execute();
      return rows.map(pushRow);
    },
    async ofTask(taskId) {
      return (await newestFirst.where('task_id', '=', taskId).execute()).map(pushRow);
    },
  };
}

export function pushWrites(db: Db): PushWrites {
  return {
    async intend(lease, push) {
      await heldTask(db, lease);
      await db
        .insertInto('pushes')
        .values({
          id: push.id,
          seq: await nextSeq(db, 'pushes'),
          repository_id: push.repositoryId,
          branch: push.branch,
          sha: push.sha,
          expected: push.expected,
          task_id: push.taskId,
          fleet_id: push.fleetId,
          state: push.state,
          at: push.at,
        })
        .execute();
    },
    async settle(id, state, now) {
      const changed = await db
        .updateTable('pushes')
        .set({ state })
        .where('id', '=', id)
        .where('state', '<>', state)
        .returning(['fleet_id', 'task_id', 'sha'])
        .executeTakeFirst();
      if (changed === undefined || state !== 'pushed') return;
      const { fleet_id: fleetId, task_id: taskId, sha } = changed;
      await appendEvents(db, fleetId, now, [{ type: 'branch_pushed', v: 1, taskId, sha }]);
    },
    async withdrawn(lease, sha, now) {
      const { id: taskId, fleet_id: fleetId } = await heldTask(db, lease);
      // A worker that was killed after this, and before the task's end, has its work done again.
      const told = await db
        .selectFrom('events')
        .select('body')
        .where('fleet_id', '=', fleetId)
        .where('type', '=', 'branch_deleted')
        .execute();
      const known = told.map(({ body }) => readEvent(body));
      if (known.some((event) => event.type === 'branch_deleted' && event.taskId === taskId && event.sha === sha))
        return;
      await appendEvents(db, fleetId, now, [{ type: 'branch_deleted', v: 1, taskId, sha }]);
    },
  };
}
