import type { Person, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { fleetForApprover, isListedApprover } from './authorize-approver.ts';
import { discreetly, type FleetAtPlace } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { loadSettings } from './load-settings.ts';
import { lostTargets } from './lost-targets.ts';

/**
 * Runs exactly the plan that was shown, for those targets that its person may still write to. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function approve(
  context: FleetContext,
  request: FleetRequest,
  named: string | null,
  receivedAt: number,
): Promise<FleetAtPlace> {
  const found = await fleetForApprover(context, request, named);
  await discreetly(found, () => carryOut(context, request.sender, found.fleet, found.control, receivedAt));
  return found;
}

async function carryOut(
  context: FleetContext,
  sender: Person,
  fleet: FleetRow,
  control: Repository,
  receivedAt: number,
): Promise<void> {
  const settings = await loadSettings(context, context.github.reads(fleet.installationId), control);
  requireApprover(sender, fleet, settings);
  if (approvedBefore(fleet, sender, receivedAt)) return;
  requirePlanned(context, fleet);

  const lost = await lostTargets(context, fleet, control, settings);
  const now = context.clock.now();
  await context.store.write(async (tx) => {
    const current = await tx.fleets.get(fleet.id);
    if (current === undefined) throw new Error(`Fleet ${fleet.id} vanished`);
    if (approvedBefore(current, sender, receivedAt)) return;
    requirePlanned(context, current);
    await tx.fleets.approve(fleet.id, { id: sender.id, login: sender.login }, now);
    for (const { taskId, reason } of lost) await tx.tasks.refuse(taskId, 'permission', reason, now);
  });
}

function requireApprover(sender: Person, fleet: FleetRow, settings: SharedSettings): void {
  if (settings.approvers !== null && !isListedApprover(settings, sender)) {
    throw new Refusal(
      'not_permitted',
      'Only the people under `approvers:` in the settings may approve here.',
      'Ask one of them.',
    );
  }
  if (settings.notSender && (sender.id === fleet.sender.id || sender.id === fleet.runAs.id)) {
    throw new Refusal(
      'not_permitted',
      'The settings (`not_sender: true`) forbid approving what one asked for oneself.',
      'Ask another approver.',
    );
  }
}

function approvedBefore({ approvedAt, approvedBy }: FleetRow, sender: Person, receivedAt: number): boolean {
  return approvedAt !== null && approvedAt >= receivedAt && approvedBy?.id === sender.id;
}

function requirePlanned(context: FleetContext, fleet: FleetRow): void {
  const expired = fleet.expiresAt !== null && fleet.expiresAt <= context.clock.now();
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
