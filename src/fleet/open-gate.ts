import type { Person } from '../core/plan.ts';
import { Refusal } from '../core/refusals.ts';
import { fleetIsHeld } from '../core/render/undecidable.ts';
import type { SharedSettings } from '../core/settings/types.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import { requireApprover, requireOther } from './authorize-approver.ts';
import type { FleetAtPlace } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { lostTargets } from './lost-targets.ts';

/** `wave`: the one that was released with it, from 0; null: the fleet goes on where it was. */
export interface Opened {
  wave: number | null;
}

/**
 * Lets a held fleet go on, in those repositories that its person may still write to. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function openGate(
  context: FleetContext,
  { fleet, control }: FleetAtPlace,
  settings: SharedSettings,
  sender: Person,
  receivedAt: number,
): Promise<Opened> {
  requireApprover(settings, sender);
  requireOther(settings, sender, fleet);
  const before = await openedBefore(context.store.read, fleet, sender.login, receivedAt);
  if (before !== undefined) return before;
  requireHeld(fleet, 'approve', receivedAt);

  const lost = await lostTargets(context, fleet, control, settings, 'the fleet was let go on');
  return context.store.write(async (tx) => {
    const now = context.clock.now();
    const current = await tx.fleets.get(fleet.id);
    if (current === undefined) throw new Error(`Fleet ${fleet.id} vanished`);
    const done = await openedBefore(tx, current, sender.login, receivedAt);
    if (done !== undefined) return done;
    requireHeld(current, 'approve', receivedAt);
    // Before the gate opens, so that these failures are among those that are forgiven.
    await tx.tasks.refuse(fleet.id, lost, 'permission', now);
    await tx.fleets.openGate(fleet.id, { id: sender.id, login: sender.login }, now);
    return (await openedBefore(tx, current, sender.login, receivedAt)) ?? { wave: null };
  });
}

/** By this person, at or after `receivedAt`: by this very command, whose answer was lost; undefined when it was not. */
export async function openedBefore(
  { events }: Pick<Reads, 'events'>,
  { id, plan }: FleetRow,
  login: string,
  receivedAt: number,
): Promise<Opened | undefined> {
  if (plan.workflow.rollout === null) return undefined;
  const all = await events.ofFleet(id);
  const index = all.findLastIndex(
    ({ at, event }) => event.type === 'gate_opened' && event.by === login && at >= receivedAt,
  );
  if (index === -1) return undefined;
  const next = all[index + 1]?.event;
  return { wave: next?.type === 'wave_released' ? next.wave : null };
}

/** Throws Refusal when it does not wait as a whole, or not since the command was given: nobody could have read why. */
export function requireHeld(fleet: FleetRow, verb: 'approve' | 'reject', receivedAt: number): void {
  if (fleet.gateSince !== null && fleet.endedAt === null && fleet.cancelRequestedAt === null) {
    if (fleet.gateSince <= receivedAt) return;
    throw new Refusal('undecidable', ...fleetIsHeld(fleet.id, verb, true));
  }
  throw new Refusal(
    'wrong_state',
    fleet.endedAt === null && fleet.cancelRequestedAt !== null
      ? `\`${fleet.id}\` is being cancelled.`
      : `\`${fleet.id}\` does not wait for approval.`,
    '`/fleet status` shows where it stands.',
  );
}
