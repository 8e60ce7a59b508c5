import { randomUUID } from 'node:crypto';
import { isFleetId } from '../../core/ids.ts';
import { Refusal } from '../../core/refusals.ts';
import type { Command, FleetRequest } from '../../core/request.ts';
import type { FleetContext } from '../../fleet/context.ts';
import { callerKey } from '../../ports/callers.ts';
import type { FleetRow } from '../../store/contract/fleets.ts';
import { unknownFleet } from './api-error.ts';
import { currentFleet } from './current-fleet.ts';
import { fleetRequest } from './fleet-request.ts';
import { type ApiAnswer, type ApiCall, param } from './route.ts';

/**
 * Carries a verb out on the fleet of `{fleet_id}`, once for each `Idempotency-Key`, and answers with the fleet as it is then
 * and with what `act` returns. The verb asks GitHub what the caller may; for whoever may not see the fleet, there is none.
 */
export function carryOut<C extends Command & { fleet: string | null }>(
  call: Pick<ApiCall, 'context' | 'caller' | 'params' | 'body' | 'headers'>,
  operation: string,
  command: (fleetId: string) => C,
  act: (context: FleetContext, request: FleetRequest, command: C, receivedAt: number) => Promise<object>,
): Promise<ApiAnswer> {
  const { context } = call;
  const id = param(call, 'fleet_id');
  return context.idempotency.once(call, `${operation} ${id}`, randomUUID, async () => {
    const receivedAt = await firstReceivedAt(call);
    const wanted = command(id);
    const { fleet, request } = await locate(call, wanted);
    const done = await act(context.fleet, request, wanted, receivedAt).catch((error: unknown) => {
      throw unseen(error, id);
    });
    return { status: 200, body: { fleet: await currentFleet(context, fleet), ...done } };
  });
}

/** When this key's request came first: carried out before a crash, and never answered, it then finds what it did itself. */
async function firstReceivedAt({ context, caller, headers }: Pick<ApiCall, 'context' | 'caller' | 'headers'>) {
  const { store, clock } = context.fleet;
  const key = headers['idempotency-key'];
  const row = typeof key === 'string' ? await store.read.apiRequests.get(callerKey(caller), key) : undefined;
  return row?.openedAt ?? clock.now();
}

/** By its control repository as it is called now. Throws ApiError('unknown_fleet') where that is gone. */
async function locate(
  { context, caller, params }: Pick<ApiCall, 'context' | 'caller' | 'params'>,
  command: Command,
): Promise<{ fleet: FleetRow; request: FleetRequest }> {
  const id = param({ params }, 'fleet_id');
  const fleet = isFleetId(id) ? await context.fleet.store.read.fleets.get(id) : undefined;
  if (fleet === undefined) throw unknownFleet(id);
  const control = await context.fleet.github.reads(fleet.installationId).repository(fleet.controlRepository);
  // Another repository may have its name by now.
  if (control === undefined || control.id !== fleet.controlRepositoryId) throw unknownFleet(id);
  const at = {
    installationId: fleet.installationId,
    controlRepository: { id: control.id, fullName: control.fullName },
  };
  return { fleet, request: fleetRequest(caller, at, command) };
}

/** A silent refusal is one that a stranger meets. */
function unseen(error: unknown, id: string): unknown {
  if (!(error instanceof Refusal)) return error;
  const stranger = error.silent && error.code === 'not_permitted';
  return stranger || error.code === 'unknown_fleet' ? unknownFleet(id) : error;
}
