import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { requireApprover, requireOther } from './authorize-approver.ts';
import type { FleetAtPlace } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { dayBudget, requireRoom } from './day-budget.ts';
import { lostTargets } from './lost-targets.ts';

/**
 * Runs exactly the plan that was shown, for those targets that its person may still write to. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function approve(
  context: FleetContext,
  { fleet, control }: FleetAtPlace,
  settings: SharedSettings,
  sender: Person,
  receivedAt: number,
): Promise<void> {
  requireApprover(settings, sender);
  requireOther(settings, sender, fleet);
  if (approvedBefore(fleet, sender, receivedAt)) return;
  requirePlanned(fleet, context.clock.now());

  requireRoom(fleet.plan, await dayBudget(context, fleet.runAs), fleet.runAs);
  const lost = await lostTargets(context, fleet, control, settings);
  const now = context.clock.now();
  await context.store.write(async (tx) => {
    const current = await tx.fleets.get(fleet.id);
    if (current === undefined) throw new Error(`Fleet ${fleet.id} vanished`);
    if (approvedBefore(current, sender, receivedAt)) return;
    requirePlanned(current, context.clock.now());
    await tx.fleets.approve(fleet.id, { id: sender.id, login: sender.login }, now);
    await tx.tasks.refuse(fleet.id, lost, 'permission', now);
  });
}

/** By this person, at or after `receivedAt`: by this very command, whose answer was lost. */
export function approvedBefore({ approvedAt, approvedBy }: FleetRow, sender: Person, receivedAt: number): boolean {
  return approvedAt !== null && approvedAt >= receivedAt && approvedBy?.id === sender.id;
}

/** Throws Refusal when there is no plan of it to approve or reject. */
export function requirePlanned(fleet: FleetRow, now: number): void {
  const expired = fleet.expiresAt !== null && fleet.expiresAt <= now;
  const planned = fleet.approvedAt === null && fleet.endedAt === null && fleet.cancelRequestedAt === null;
  if (planned && !expired) return;
  throw new Refusal(
    'wrong_state',
    expired && planned
      ? `The plan of \`${fleet.id}\` could be approved for 24 hours and has expired.`
      : `\`${fleet.id}\` does not wait for approval.`,
    expired && planned ? 'Give the command again for a fresh plan.' : '`/fleet status` shows where it stands.',
  );
}
