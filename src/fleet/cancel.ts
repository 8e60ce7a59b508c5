import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';

/** Queued tasks end at once; running ones are stopped unless their push has begun. Throws Refusal. */
export async function cancel(context: FleetContext, request: FleetRequest, named: string | null): Promise<FleetRow> {
  const { fleet } = await fleetForVerb(context, request, named);
  const now = context.clock.now();
  return context.store.write(async (tx) => {
    const current = await tx.fleets.get(fleet.id);
    if (current === undefined || current.endedAt !== null) {
      throw new Refusal('wrong_state', `\`${fleet.id}\` has ended already.`, '`/fleet status` shows how.');
    }
    if (current.cancelRequestedAt === null) {
      await tx.fleets.requestCancel(fleet.id, now, { id: request.sender.id, login: request.sender.login });
      await tx.tasks.cancelFleet(fleet.id, `${request.sender.login} cancelled the fleet.`, now);
    }
    return current;
  });
}
