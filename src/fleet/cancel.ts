import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import { discreetly, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';

/**
 * Queued tasks end at once; running ones are stopped unless their push has begun. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function cancel(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
  receivedAt: number,
): Promise<FleetAtPlace> {
  const found = await fleetForVerb(context, request, named);
  const { sender } = request;
  const now = context.clock.now();
  await discreetly(found, () =>
    context.store.write(async (tx) => {
      const fleet = await tx.fleets.get(found.fleet.id);
      if (fleet === undefined) throw new Error(`Fleet ${found.fleet.id} vanished`);
      if (await cancelledBefore(tx, fleet, sender.login, receivedAt)) return;
      if (fleet.endedAt !== null) {
        throw new Refusal('wrong_state', `\`${fleet.id}\` has ended already.`, '`/fleet status` shows how.');
      }
      if (fleet.cancelRequestedAt !== null) return;
      await tx.fleets.requestCancel(fleet.id, now, { id: sender.id, login: sender.login });
      await tx.tasks.cancelFleet(fleet.id, `${sender.login} cancelled the fleet.`, now);
    }),
  );
  return found;
}

/** By this person, at or after `receivedAt`: by this very command, whose answer was lost. `how`: what it records. */
export async function cancelledBefore(
  { events }: Pick<Reads, 'events'>,
  fleet: FleetRow,
  login: string,
  receivedAt: number,
  how: 'fleet_cancel_requested' | 'fleet_rejected' = 'fleet_cancel_requested',
): Promise<boolean> {
  if (fleet.cancelRequestedAt === null || fleet.cancelRequestedAt < receivedAt) return false;
  const all = await events.ofFleet(fleet.id);
  return all.some(({ event }) => event.type === how && event.by === login);
}
