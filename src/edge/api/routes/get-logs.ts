import { LogsError } from '../../../fleet/logs-error.ts';
import { type LogOfNode, logsOfTask, shownLog } from '../../../fleet/task-logs.ts';
import { ApiError } from '../api-error.ts';
import type { ApiContext } from '../context.ts';
import { findTask } from '../find-task.ts';
import { apiRoute } from '../route.ts';
import { type LogsJson, logsQuerySchema, logsSchema } from '../schemas/task.ts';
import { fileJson } from '../views/task-json.ts';

const MOST_BYTES = 4 * 1024 * 1024;
const MOST_BYTES_OF_FILE = 256 * 1024;
const LEAST_BYTES_OF_FILE = 4 * 1024;

export const getLogsRoute = apiRoute({
  method: 'GET',
  path: '/fleets/{fleet_id}/tasks/{task_id}/logs',
  operationId: 'getLogs',
  summary: "What a task's nodes printed, and what its agents said and did",
  query: logsQuerySchema,
  refuses: ['unknown_fleet', 'not_found'],
  answers: { 200: { description: 'The end of each log; without `node`, of all together', schema: logsSchema } },
  handle: async (call) => {
    const { task } = await findTask(call);
    const { context, query } = call;
    const attempt = query.attempt ?? task.attempt;
    const read = context.fleet.store.read;
    const found = await logsOfTask({ logs: context.logs, read }, task, { node: query.node, attempt }).catch(notThere);
    const files = found.reduce((sum, one) => sum + one.files.length, 0);
    const most = Math.max(
      LEAST_BYTES_OF_FILE,
      Math.min(MOST_BYTES_OF_FILE, Math.floor(MOST_BYTES / Math.max(1, files))),
    );
    const nodes: LogsJson['nodes'] = [];
    for (const log of found) nodes.push(await textsOf(context, log, most));
    return { status: 200, body: { task_id: task.id, attempt, nodes } };
  },
});

async function textsOf(
  { logs }: ApiContext,
  { node, title, files }: LogOfNode,
  most: number,
): Promise<LogsJson['nodes'][number]> {
  const texts = [];
  for (const file of files) {
    const log = await shownLog(logs, file, most);
    if (log !== undefined) texts.push({ ...fileJson(file), ...log });
  }
  return { id: node?.nodeId ?? null, title, files: texts };
}

function notThere(error: unknown): never {
  if (!(error instanceof LogsError)) throw error;
  throw new ApiError('not_found', error.message, "`GET …/tasks/{task_id}` lists a task's attempts, nodes and logs.");
}
