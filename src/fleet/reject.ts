import type { Person } from '../core/plan.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import { requirePlanned } from './approve.ts';
import { type ApproverSettings, requireApprover } from './authorize-approver.ts';
import type { FleetAtPlace } from './authorize-verb.ts';
import { cancelledBefore } from './cancel.ts';
import type { FleetContext } from './context.ts';
import { requireHeld } from './open-gate.ts';

/**
 * Cancels what waits as a whole: a plan, of which nothing runs then, or what is left of a held fleet. Its sender may,
 * whatever `not_sender` says: cancelling comes to the same. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function reject(
  { store, clock }: Pick<FleetContext, 'store' | 'clock'>,
  found: Pick<FleetAtPlace, 'fleet'>,
  settings: ApproverSettings,
  sender: Person,
  receivedAt: number,
): Promise<void> {
  requireApprover(settings, sender);
  const now = clock.now();
  await store.write(async (tx) => {
    const fleet = await tx.fleets.get(found.fleet.id);
    if (fleet === undefined) throw new Error(`Fleet ${found.fleet.id} vanished`);
    if (await rejectedBefore(tx, fleet, sender.login, receivedAt)) return;
    const planned = fleet.approvedAt === null;
    if (planned) requirePlanned(fleet, now);
    else requireHeld(fleet, 'reject', receivedAt);
    const by = { id: sender.id, login: sender.login };
    await tx.fleets.reject(fleet.id, planned ? 'plan' : 'gate', by, now);
    const how = planned ? 'rejected the plan' : 'did not let the fleet go on';
    await tx.tasks.cancelFleet(fleet.id, `${sender.login} ${how}.`, now);
  });
}

/** By this very command, whose answer was lost. */
export const rejectedBefore = (
  reads: Pick<Reads, 'events'>,
  fleet: FleetRow,
  login: string,
  receivedAt: number,
): Promise<boolean> => cancelledBefore(reads, fleet, login, receivedAt, 'fleet_rejected');
