import { Refusal } from '../core/refusals.ts';
import { boundedList } from '../core/render/bounded-list.ts';
import { safeText } from '../core/render/safe-text.ts';
import type { FleetRequest } from '../core/request.ts';
import { isPublishable } from '../core/status.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { discreetly, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { isMeant, queuedBefore } from './meant-tasks.ts';
import { requireGoesOn } from './require-retryable.ts';

export interface ToPublish {
  at: FleetAtPlace;
  /** In plan order. */
  repositories: readonly string[];
}

const LISTED = 20;

/**
 * Queues what a preview prepared, to be pushed as it is. A fleet that had ended goes on. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it did itself and has succeeded.
 */
export async function publish(
  context: FleetContext,
  request: FleetRequest,
  command: { fleet: string | null; repositories?: string },
  receivedAt: number,
): Promise<ToPublish> {
  const at = await fleetForVerb(context, request, command.fleet);
  const { id, login } = request.sender;
  const tasks = await discreetly(at, () =>
    context.store.write(async (tx) => {
      const fleet = await tx.fleets.get(at.fleet.id);
      if (fleet === undefined) throw new Error(`Fleet ${at.fleet.id} vanished`);
      const all = await tx.tasks.ofFleet(fleet.id);
      const meant = all.filter((task) => isMeant(task, command.repositories));
      const before = await queuedBefore(tx, fleet, meant, { type: 'task_publish_requested', login, receivedAt });
      if (before.length > 0) return before;
      requirePreview(fleet);
      await requireGoesOn(tx, fleet);
      const prepared = meant.filter(isPublishable);
      if (prepared.length === 0) throw nothingPrepared(fleet, all);
      const ids = prepared.map((task) => task.id);
      await tx.fleets.publish(fleet.id, ids, { id, login }, context.clock.now());
      return prepared;
    }),
  );
  return { at, repositories: tasks.map(({ repository }) => repository) };
}

function requirePreview({ id, plan }: FleetRow): void {
  if (plan.flags.preview) return;
  throw new Refusal(
    'wrong_state',
    `\`${id}\` is no preview: its pull requests are opened as its tasks end.`,
    'Give the command of a workflow with `--preview` to see its diffs before anything is pushed.',
  );
}

/** Why nothing is published: all of it is, nothing is ready, or the command names others. */
function nothingPrepared({ id, endedAt }: FleetRow, tasks: readonly TaskRow[]): Refusal {
  const able = tasks.filter(isPublishable);
  if (able.length > 0) {
    const shown = able.slice(0, LISTED).map(({ repository }) => safeText(repository, 200));
    return new Refusal(
      'wrong_state',
      `The command names nothing of \`${id}\` that is prepared. These are: ${boundedList(shown, able.length)}.`,
      'Name some of them, or none for all.',
    );
  }
  const asked = tasks.some(({ publishAsked }) => publishAsked);
  return new Refusal(
    'wrong_state',
    endedAt === null && !asked
      ? `Nothing of \`${id}\` is prepared so far.`
      : `Nothing of \`${id}\` is prepared${asked ? ' any more: it is published, or about to be' : ''}.`,
    '`/fleet status` shows where it stands.',
  );
}
