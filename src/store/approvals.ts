import type { Selectable } from 'kysely';
import type { ApprovalAnswer, ApprovalReads, ApprovalRow, ApprovalWrites } from './contract/approvals.ts';
import { readDecisions } from './documents.ts';
import { appendEvents } from './events.ts';
import type { ApprovalsTable, Db, TasksTable } from './schema.ts';
import { assertTransition, heldTask, updateTask } from './task-rows.ts';

/** Of one round of the engine, which nothing else may write in. */
const EXPIRED_AT_ONCE = 100;

function approvalRow(row: Selectable<ApprovalsTable>): ApprovalRow {
  return {
    fleetId: row.fleet_id,
    taskId: row.task_id,
    attempt: row.attempt,
    nodeId: row.node_id,
    message: row.message,
    decisions: readDecisions(row.decisions),
    askedAt: row.asked_at,
    expiresAt: row.expires_at,
    answer: answerOf(row),
  };
}

function answerOf(row: Selectable<ApprovalsTable>): ApprovalAnswer | null {
  if (row.answered_at === null) return null;
  if (row.decision === null || row.decided_by_id === null || row.decided_by_login === null) {
    return { kind: 'expired', at: row.answered_at };
  }
  const by = { id: row.decided_by_id, login: row.decided_by_login };
  return { kind: 'decided', decision: row.decision, text: row.answer_text, by, at: row.answered_at };
}

export function approvalReads(db: Db): ApprovalReads {
  return {
    async ofTask(taskId, attempt) {
      const rows = await db
        .selectFrom('approvals')
        .selectAll()
        .where('task_id', '=', taskId)
        .where('attempt', '=', attempt)
        .orderBy('seq')
        .execute();
      return rows.map(approvalRow);
    },
    async ofFleet(fleetId) {
      const rows = await db
        .selectFrom('tasks')
        .innerJoin('approvals', (join) =>
          join.onRef('approvals.task_id', '=', 'tasks.id').onRef('approvals.attempt', '=', 'tasks.attempt'),
        )
        .selectAll('approvals')
        .where('tasks.fleet_id', '=', fleetId)
        .orderBy('tasks.position')
        .orderBy('approvals.seq')
        .execute();
      return rows.map(approvalRow);
    },
  };
}

export function approvalWrites(db: Db): ApprovalWrites {
  const reads = approvalReads(db);
  return {
    async ask(lease, approval) {
      const task = await heldTask(db, lease);
      const { taskId, attempt, nodeId } = approval;
      if (taskId !== task.id || attempt !== task.attempt) {
        throw new Error(`Approval ${nodeId} is of ${taskId}/${attempt}, held is ${task.id}/${task.attempt}.`);
      }
      const asked = await reads.ofTask(taskId, attempt);
      if (asked.some((other) => other.nodeId === nodeId)) return;
      await db
        .insertInto('approvals')
        .values({
          task_id: taskId,
          attempt,
          node_id: nodeId,
          seq: asked.length + 1,
          fleet_id: task.fleet_id,
          message: approval.message,
          decisions: JSON.stringify(approval.decisions),
          asked_at: approval.askedAt,
          expires_at: approval.expiresAt,
          answered_at: null,
          decision: null,
          answer_text: '',
          decided_by_id: null,
          decided_by_login: null,
        })
        .execute();
      await appendEvents(db, task.fleet_id, approval.askedAt, [{ type: 'approval_asked', v: 1, taskId, node: nodeId }]);
    },

    async decide({ taskId, attempt, nodeId }, { decision, text, by }, now) {
      const task = await db.selectFrom('tasks').selectAll().where('id', '=', taskId).executeTakeFirst();
      if (task?.attempt !== attempt || !['queued', 'running', 'waiting'].includes(task.status)) return false;
      const answered = await db
        .updateTable('approvals')
        .set({
          answered_at: now,
          decision,
          answer_text: text,
          decided_by_id: by.id,
          decided_by_login: by.login,
        })
        .where('task_id', '=', taskId)
        .where('attempt', '=', attempt)
        .where('node_id', '=', nodeId)
        .where('answered_at', 'is', null)
        .where('expires_at', '>', now)
        .returning('node_id')
        .executeTakeFirst();
      if (answered === undefined) return false;
      await appendEvents(db, task.fleet_id, now, [
        { type: 'approval_decided', v: 1, taskId, node: nodeId, decision, by: by.login },
      ]);
      if (task.status === 'waiting') await goOn(db, task, `\`${nodeId}\` was decided.`, now);
      return true;
    },

    async expire(now) {
      const due = await db
        .selectFrom('approvals')
        .innerJoin('tasks', (join) =>
          join.onRef('tasks.id', '=', 'approvals.task_id').onRef('tasks.attempt', '=', 'approvals.attempt'),
        )
        .select(['approvals.task_id as taskId', 'approvals.attempt as attempt', 'approvals.node_id as nodeId'])
        .where('approvals.answered_at', 'is', null)
        .where('approvals.expires_at', '<=', now)
        .where('tasks.status', '=', 'waiting')
        .orderBy('tasks.id')
        .orderBy('approvals.seq')
        .limit(EXPIRED_AT_ONCE)
        .execute();
      for (const { taskId, attempt, nodeId } of due) {
        await db
          .updateTable('approvals')
          .set({ answered_at: now })
          .where('task_id', '=', taskId)
          .where('attempt', '=', attempt)
          .where('node_id', '=', nodeId)
          .execute();
        const task = await db.selectFrom('tasks').selectAll().where('id', '=', taskId).executeTakeFirstOrThrow();
        await appendEvents(db, task.fleet_id, now, [{ type: 'approval_expired', v: 1, taskId, node: nodeId }]);
        if (task.status === 'waiting') await goOn(db, task, `Nobody decided \`${nodeId}\` in time.`, now);
      }
    },
  };
}

/** The task's workspace and journal stay: whichever worker takes it next goes on from there. */
async function goOn(db: Db, task: Selectable<TasksTable>, reason: string, now: number): Promise<void> {
  assertTransition(task.id, task.status, 'queued');
  await updateTask(db, task.id, { status: 'queued', not_before: now });
  await appendEvents(db, task.fleet_id, now, [{ type: 'task_requeued', v: 1, taskId: task.id, reason }]);
}
