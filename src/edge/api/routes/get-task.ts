import { openApprovals } from '../../../core/open-approvals.ts';
import { tasksInLine } from '../../../core/render/queue-cells.ts';
import { logsOfTask } from '../../../fleet/task-logs.ts';
import type { FleetRow } from '../../../store/contract/fleets.ts';
import type { TaskRow } from '../../../store/contract/tasks.ts';
import type { ApiContext } from '../context.ts';
import { findTask } from '../find-task.ts';
import { apiRoute } from '../route.ts';
import { type TaskDetailJson, taskDetailSchema } from '../schemas/task.ts';
import { taskJson } from '../views/fleet-json.ts';
import { approvalJson, nodeJson } from '../views/task-json.ts';

const MOST_ATTEMPTS = 20;

export const getTaskRoute = apiRoute({
  method: 'GET',
  path: '/fleets/{fleet_id}/tasks/{task_id}',
  operationId: 'getTask',
  summary: 'One task: its attempts with their nodes, what is asked, which logs there are',
  refuses: ['unknown_fleet', 'not_found'],
  answers: { 200: { description: 'The task', schema: taskDetailSchema } },
  handle: async (call) => {
    const { fleet, task } = await findTask(call);
    const { context } = call;
    const body: TaskDetailJson = {
      ...taskJson(task, {
        position: await positionOf(context, fleet, task),
        undo: (await context.fleet.store.read.undos.get(task.id))?.state ?? null,
      }),
      fleet_id: fleet.id,
      branch: task.branch,
      base_branch: task.baseBranch,
      base_sha: task.baseSha,
      attempts: await attemptsOf(context, task),
      approvals: await approvalsOf(context, task),
    };
    return { status: 200, body };
  },
});

async function positionOf({ fleet: { store } }: ApiContext, fleet: FleetRow, task: TaskRow): Promise<number | null> {
  if (task.status !== 'queued') return null;
  const line = tasksInLine({ fleet, tasks: await store.read.tasks.ofFleet(fleet.id) });
  const index = line.findIndex(({ id }) => id === task.id);
  return index === -1 ? null : index + 1;
}

async function attemptsOf({ logs, fleet: { store } }: ApiContext, task: TaskRow): Promise<TaskDetailJson['attempts']> {
  const attempts = [];
  for (let attempt = Math.max(1, task.attempt - MOST_ATTEMPTS + 1); attempt <= task.attempt; attempt += 1) {
    const found = await logsOfTask({ logs, read: store.read }, task, { node: undefined, attempt });
    attempts.push({
      attempt,
      nodes: found.flatMap(({ node, files }) => (node === null ? [] : [nodeJson(node, files)])),
    });
  }
  return attempts;
}

async function approvalsOf(
  { fleet: { store, clock } }: ApiContext,
  task: TaskRow,
): Promise<TaskDetailJson['approvals']> {
  const approvals = await store.read.approvals.ofTask(task.id, task.attempt);
  const open = new Set(openApprovals(approvals, [task]).map(({ approval }) => approval));
  return approvals.map((one) => approvalJson(one, open.has(one) && one.expiresAt > clock.now()));
}
