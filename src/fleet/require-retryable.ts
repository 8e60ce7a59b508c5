import { Refusal } from '../core/refusals.ts';
import { boundedList } from '../core/render/bounded-list.ts';
import { link } from '../core/render/links.ts';
import { safeText } from '../core/render/safe-text.ts';
import { isRetryable } from '../core/status.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

const LISTED = 20;

/** Throws Refusal for a fleet of which nothing may be tried again or published, whatever became of its tasks. */
export async function requireGoesOn({ fleets }: Pick<Reads, 'fleets'>, fleet: FleetRow): Promise<void> {
  const { id, approvedAt, cancelRequestedAt, endedAt, supersededBy, fleetKey } = fleet;
  if (approvedAt === null) {
    throw new Refusal(
      'wrong_state',
      endedAt === null
        ? `\`${id}\` is planned: nothing of it ran so far.`
        : `The plan of \`${id}\` was never approved, so nothing of it ran.`,
      endedAt === null ? `\`/fleet approve ${id}\` runs it.` : 'Give the command of the workflow again.',
    );
  }
  if (endedAt === null && cancelRequestedAt !== null) {
    throw new Refusal('wrong_state', `\`${id}\` is being cancelled.`, 'Give the command again once it has ended.');
  }
  if (supersededBy !== null) {
    const next = named(supersededBy, await fleets.get(supersededBy));
    throw new Refusal(
      'wrong_state',
      `\`${id}\` was superseded by ${next}.`,
      'The tracking issue of that one shows what can be retried or published there. Once it has ended, the command of the workflow begins anew.',
    );
  }
  const other = endedAt === null ? undefined : await fleets.unendedByKey(fleetKey);
  if (other === undefined) return;
  throw new Refusal(
    'wrong_state',
    `The same workflow with the same inputs is under way as fleet ${named(other.id, other)}.`,
    'Wait for its end, or cancel it.',
  );
}

/** Why no task is tried again: all is well or under way, or the command names others. */
export function nothingMeant({ id }: FleetRow, tasks: readonly TaskRow[]): Refusal {
  const able = tasks.filter(({ status }) => isRetryable(status));
  if (able.length === 0) {
    const detail = `Nothing of \`${id}\` failed or was cancelled.`;
    return new Refusal('wrong_state', detail, '`/fleet status` shows where it stands.');
  }
  const shown = able.slice(0, LISTED).map(({ repository }) => safeText(repository, 200));
  return new Refusal(
    'wrong_state',
    `The command names nothing of \`${id}\` that failed or was cancelled. These did: ${boundedList(shown, able.length)}.`,
    'Name some of them, or none for all.',
  );
}

const named = (id: string, fleet: FleetRow | undefined): string =>
  fleet?.trackingIssue == null ? `\`${id}\`` : link(id, fleet.trackingIssue.url);
