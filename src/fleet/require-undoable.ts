import { Refusal } from '../core/refusals.ts';
import { boundedList } from '../core/render/bounded-list.ts';
import { link } from '../core/render/links.ts';
import { safeText } from '../core/render/safe-text.ts';
import { isUndoable, leftPullRequest } from '../core/undo.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Reads } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import type { UndoRow } from '../store/contract/undos.ts';

const LISTED = 20;

/**
 * Throws Refusal for a fleet that has not ended, and while another one works on its pull requests. Which of them one that
 * has ended took over, shows for each when its turn comes.
 */
export async function requireUndoable({ fleets }: Pick<Reads, 'fleets'>, fleet: FleetRow): Promise<void> {
  const { id, approvedAt, cancelRequestedAt, endedAt, fleetKey } = fleet;
  if (endedAt === null) {
    if (cancelRequestedAt !== null) {
      throw new Refusal('wrong_state', `\`${id}\` is being cancelled.`, 'Give the command again once it has ended.');
    }
    throw new Refusal(
      'wrong_state',
      approvedAt === null
        ? `\`${id}\` is planned: there is nothing to undo so far.`
        : `\`${id}\` has not ended: undone is what a fleet has left.`,
      `\`/fleet cancel ${id}\` ends it${approvedAt === null ? '' : ', or wait for its end; then give this command again'}.`,
    );
  }
  const other = await fleets.unendedByKey(fleetKey);
  // A plan has touched nothing, and what it begins waits for the undo.
  if (other === undefined || other.approvedAt === null) return;
  throw new Refusal(
    'wrong_state',
    `The same workflow with the same inputs is under way as fleet ${named(other.id, other)}, which works on the same pull requests.`,
    `Wait for its end, or cancel it; then undo what it took over by \`/fleet undo ${other.id}\`, and the rest by this command.`,
  );
}

/** Why there is nothing to do: no pull request, all undone or under way, or the command names others. */
export function nothingToUndo(
  { id }: FleetRow,
  all: readonly TaskRow[],
  meant: readonly TaskRow[],
  asked: ReadonlyMap<string, UndoRow>,
): Refusal {
  if (!all.some(leftPullRequest)) {
    const detail = `\`${id}\` has left no pull request.`;
    return new Refusal('wrong_state', detail, '`/fleet status` shows what became of it.');
  }
  const able = all.filter((task) => isUndoable(task, asked.get(task.id)));
  if (able.length > 0 && !meant.some(leftPullRequest)) {
    const shown = able.slice(0, LISTED).map(({ repository }) => safeText(repository, 200));
    return new Refusal(
      'wrong_state',
      `The command names no repository in which \`${id}\` has left a pull request. These have one: ${boundedList(shown, able.length)}.`,
      'Name some of them, or none for all.',
    );
  }
  const going = meant.some((task) => asked.get(task.id)?.state === 'requested');
  const detail = going
    ? `It is being undone already: what the command names of \`${id}\` waits for its turn.`
    : `Every pull request that the command names of \`${id}\` is undone already, merged or gone.`;
  return new Refusal('wrong_state', detail, 'The tracking issue tells what became of each.');
}

const named = (id: string, fleet: FleetRow | undefined): string =>
  fleet?.trackingIssue == null ? `\`${id}\`` : link(id, fleet.trackingIssue.url);
