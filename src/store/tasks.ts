import { sql } from 'kysely';
import type { TaskReads, TaskWrites } from './contract/tasks.ts';
import { appendEvents } from './events.ts';
import { endFleetWhenDone } from './fleet-ending.ts';
import { theFleet } from './fleet-rows.ts';
import type { Db } from './schema.ts';
import { cancelTasks } from './task-cancelling.ts';
import { endTask, refuseTasks } from './task-ending.ts';
import { heldTask, taskRow, updateTask } from './task-rows.ts';

/** In the words of the indexes `tasks_in_line` and `tasks_worked`: SQLite would else read whole queues and all that ever ended. */
const isInLine = sql<boolean>`status = 'queued' and publishing_at is null`;
const hasWorked = sql<boolean>`ended_at is not null and started_at is not null`;

export function taskReads(db: Db): TaskReads {
  const all = db.selectFrom('tasks').selectAll();
  return {
    async get(id) {
      const row = await all.where('id', '=', id).executeTakeFirst();
      return row && taskRow(row);
    },
    async ofFleet(fleetId) {
      return (await all.where('fleet_id', '=', fleetId).orderBy('position').execute()).map(taskRow);
    },
    async withWorkspace() {
      return (await all.where('workspace', 'is not', null).orderBy('ended_at').orderBy('id').execute()).map(taskRow);
    },
    async inFolder(fleetId, folder) {
      const row = await all.where('fleet_id', '=', fleetId).where('repository', '=', folder).executeTakeFirst();
      return row && taskRow(row);
    },
    async running() {
      return (await all.where('status', '=', 'running').orderBy('started_at').orderBy('id').execute()).map(taskRow);
    },
    async inLine() {
      return await db
        .selectFrom('fleets')
        .select((eb) => {
          const waiting = eb
            .selectFrom('tasks')
            .select((count) => count.fn.countAll<number>().as('count'))
            .whereRef('tasks.fleet_id', '=', 'fleets.id')
            .whereRef('tasks.wave', '<=', 'fleets.wave')
            .where(isInLine);
          return ['fleets.id as fleetId', waiting.$asScalar().$notNull().as('tasks')];
        })
        .where('ended_at', 'is', null)
        .where('approved_at', 'is not', null)
        .where('gate', 'is', null)
        .where('paused_at', 'is', null)
        .where('cancel_requested_at', 'is', null)
        .execute();
    },
    async lastEnded(limit) {
      const rows = await db
        .selectFrom('tasks')
        .select(['fleet_id', (eb) => eb('ended_at', '-', eb.ref('started_at')).$castTo<number>().as('ms')])
        .where(hasWorked)
        .where('status', '!=', 'cancelled')
        .where((eb) =>
          eb.not(
            eb.exists(
              eb.selectFrom('approvals').select('approvals.task_id').whereRef('approvals.task_id', '=', 'tasks.id'),
            ),
          ),
        )
        .orderBy('ended_at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ fleet_id, ms }) => ({ fleetId: fleet_id, ms }));
    },
  };
}

type TaskStateWrites = Pick<
  TaskWrites,
  'check' | 'recordWorkspace' | 'enterPublishing' | 'claimBranch' | 'end' | 'refuse' | 'cancelFleet'
>;

export function taskWrites(db: Db): TaskStateWrites {
  return {
    async check(lease) {
      const task = await heldTask(db, lease);
      return { cancelRequested: task.cancel_requested === 1 };
    },

    async recordWorkspace(lease, at) {
      const task = await heldTask(db, lease);
      await updateTask(db, task.id, { workspace: at.workspace, base_branch: at.baseBranch, base_sha: at.baseSha });
    },

    async enterPublishing(lease, tree, now) {
      const task = await heldTask(db, lease);
      if (task.publishing_at !== null) return 'entered';
      if (task.cancel_requested === 1) return 'cancelled';
      if ((await theFleet(db, task.fleet_id)).paused_at !== null) return 'paused';
      await updateTask(db, task.id, { publishing_at: now, publishing_tree: tree });
      await appendEvents(db, task.fleet_id, now, [{ type: 'task_publishing', v: 1, taskId: task.id }]);
      return 'entered';
    },

    async claimBranch(repositoryId, branch, fleetKey, { lapsed }) {
      const owner = await db
        .selectFrom('branches')
        .leftJoin('fleets', (join) =>
          join.onRef('fleets.fleet_key', '=', 'branches.fleet_key').on('fleets.ended_at', 'is', null),
        )
        .select(['branches.fleet_key', 'fleets.id as at_work'])
        .where('repository_id', '=', repositoryId)
        .where('branches.branch', '=', branch)
        .executeTakeFirst();
      if (owner?.fleet_key === fleetKey) return true;
      if (owner !== undefined && (owner.at_work !== null || !lapsed)) return false;
      await db
        .insertInto('branches')
        .values({ repository_id: repositoryId, branch, fleet_key: fleetKey })
        .onConflict((conflict) => conflict.columns(['repository_id', 'branch']).doUpdateSet({ fleet_key: fleetKey }))
        .execute();
      return true;
    },

    async end(lease, end, now) {
      await endTask(db, await heldTask(db, lease), end, now);
    },

    refuse: (fleetId, refused, category, now) => refuseTasks(db, fleetId, refused, { category, now }),

    async cancelFleet(fleetId, reason, now) {
      const fleet = await theFleet(db, fleetId);
      if (fleet.ended_at !== null) return [];
      if (fleet.cancel_requested_at === null) {
        throw new Error(`Fleet ${fleetId}: request the cancel before cancelling its tasks.`);
      }
      const marked = await cancelTasks(db, fleetId, reason, now);
      await endFleetWhenDone(db, fleetId, now);
      return marked;
    },
  };
}
