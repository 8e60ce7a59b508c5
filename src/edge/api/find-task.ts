import { isTaskId } from '../../core/ids.ts';
import type { FleetRow } from '../../store/contract/fleets.ts';
import type { TaskRow } from '../../store/contract/tasks.ts';
import { ApiError } from './api-error.ts';
import { findFleet } from './find-fleet.ts';
import { type ApiCall, param } from './route.ts';

/** The task of `{task_id}` in the fleet of `{fleet_id}`, for somebody who may see it. Throws ApiError. */
export async function findTask(
  call: Pick<ApiCall, 'context' | 'caller' | 'params'>,
): Promise<{ fleet: FleetRow; task: TaskRow }> {
  const fleet = await findFleet(call);
  const id = param(call, 'task_id');
  const task = isTaskId(id) ? await call.context.fleet.store.read.tasks.get(id) : undefined;
  if (task?.fleetId === fleet.id) return { fleet, task };
  throw new ApiError(
    'not_found',
    `\`${fleet.id}\` has no task \`${id.slice(0, 40)}\`.`,
    `\`GET /v1/fleets/${fleet.id}\` lists its tasks.`,
  );
}
