import { Refusal } from '../core/refusals.ts';
import { utc } from '../core/render/amounts.ts';
import { safeText } from '../core/render/safe-text.ts';
import type { FleetRequest } from '../core/request.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import { discreetly, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { doneBefore } from './done-before.ts';

const SEE_STATUS = '`/fleet status` shows where it stands.';

/**
 * Paused, nothing of the fleet starts and nothing is pushed before it is resumed. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function pauseOrResume(
  context: FleetContext,
  request: FleetRequest,
  command: { verb: 'pause' | 'resume'; fleet: string | null },
  receivedAt: number,
): Promise<FleetAtPlace> {
  const { verb } = command;
  const found = await fleetForVerb(context, request, command.fleet);
  const { id: userId, login } = request.sender;
  const by = { id: userId, login };
  const type = verb === 'pause' ? 'fleet_paused' : 'fleet_resumed';
  await discreetly(found, () =>
    context.store.write(async (tx) => {
      const fleet = await tx.fleets.get(found.fleet.id);
      if (fleet === undefined) throw new Error(`Fleet ${found.fleet.id} vanished`);
      if (await doneBefore(tx, fleet.id, { type, login, receivedAt })) return;
      requireGoing(fleet);
      const now = context.clock.now();
      const done =
        verb === 'pause' ? await tx.fleets.pause(fleet.id, by, now) : await tx.fleets.resume(fleet.id, by, now);
      if (!done) throw alreadySo(fleet);
    }),
  );
  return found;
}

function requireGoing({ id, approvedAt, cancelRequestedAt, endedAt }: FleetRow): void {
  if (endedAt !== null) {
    throw new Refusal('wrong_state', `\`${id}\` has ended already.`, '`/fleet status` shows how.');
  }
  if (cancelRequestedAt !== null) throw new Refusal('wrong_state', `\`${id}\` is being cancelled.`, SEE_STATUS);
  if (approvedAt === null) {
    throw new Refusal(
      'wrong_state',
      `\`${id}\` is planned: nothing of it runs before its plan is approved.`,
      `\`/fleet approve ${id}\` runs it, \`/fleet cancel ${id}\` drops it.`,
    );
  }
}

function alreadySo({ id, pausedAt, pausedBy, gate }: FleetRow): Refusal {
  if (pausedAt !== null) {
    const by = pausedBy === null ? '' : ` by ${safeText(pausedBy, 100)}`;
    const since = `\`${id}\` is paused already, since ${utc(pausedAt)}${by}.`;
    return new Refusal('wrong_state', since, `\`/fleet resume ${id}\` goes on.`);
  }
  if (gate === null) return new Refusal('wrong_state', `\`${id}\` is not paused.`, SEE_STATUS);
  const held = `\`${id}\` is not paused; it waits for approval as a whole.`;
  return new Refusal('wrong_state', held, `\`/fleet approve ${id}\` lets it go on.`);
}
