import type { Person, Repository } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import type { FleetRequest } from '../core/request.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { canWrite } from './authorize.ts';
import { fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { loadSettings } from './load-settings.ts';

/** Runs exactly the plan that was shown, for those targets that its person may still write to. Throws Refusal. */
export async function approve(context: FleetContext, request: FleetRequest, named: string | null): Promise<FleetRow> {
  const { fleet, control } = await fleetForVerb(context, request, named);
  const settings = await loadSettings(context, context.github.reads(fleet.installationId), control);
  requireApprover(request.sender, fleet, settings);
  requirePlanned(context, fleet);

  const lost = await lostTargets(context, fleet);
  const now = context.clock.now();
  return context.store.write(async (tx) => {
    const current = await tx.fleets.get(fleet.id);
    if (current === undefined) throw new Error(`Fleet ${fleet.id} vanished`);
    requirePlanned(context, current);
    await tx.fleets.approve(fleet.id, { id: request.sender.id, login: request.sender.login }, now);
    for (const { taskId, reason } of lost) await tx.tasks.refuse(taskId, 'permission', reason, now);
    return current;
  });
}

function requireApprover(sender: Person, fleet: FleetRow, settings: SharedSettings): void {
  const listed = settings.approvers === null || settings.approvers.some((login) => sameLogin(login, sender.login));
  if (!listed) {
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

async function lostTargets(context: FleetContext, fleet: FleetRow): Promise<{ taskId: string; reason: string }[]> {
  const reads = context.github.reads(fleet.installationId);
  const tasks = await context.store.read.tasks.ofFleet(fleet.id);
  const visible = new Map<number, Repository>();
  for (const repository of await reads.repositories()) visible.set(repository.id, repository);
  const known = tasks.flatMap(({ repositoryId }) => visible.get(repositoryId) ?? []);
  const facts = await reads.targetFacts(known, fleet.runAs);
  return tasks
    .filter(({ repositoryId }) => !canWrite(facts.get(repositoryId)?.permission ?? null))
    .map(({ id }) => ({
      taskId: id,
      reason: `When the plan was approved, ${fleet.runAs.login} could no longer write to this repository.`,
    }));
}

function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
