import { Refusal } from '../core/refusals.ts';
import { boundedList } from '../core/render/bounded-list.ts';
import { safeText } from '../core/render/safe-text.ts';
import type { FleetRequest } from '../core/request.ts';
import { isPublishable } from '../core/status.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { discreetly, type FleetAtPlace, fleetForVerb } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { meantTasks, queuedBefore } from './meant-tasks.ts';
import { requireGoesOn } from './require-retryable.ts';

export interface ToPublish {
  at: FleetAtPlace;
  /** In plan order. */
  repositories: readonly string[];
}

const LISTED = 20;

/**
 * Queues what a preview had prepared when the command was written, to be pushed as it is. A fleet that had ended goes on.
 * Throws Refusal.
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
      const { fleet, all, meant } = await meantTasks(tx, at.fleet.id, command.repositories);
      const before = await queuedBefore(tx, fleet, meant, { type: 'task_publish_requested', login, receivedAt });
      if (before.length > 0) return before;
      requirePreview(fleet);
      await requireGoesOn(tx, fleet);
      const prepared = meant.filter(isPublishable);
      if (prepared.length === 0) throw nothingPrepared(fleet, all);
      const read = prepared.filter(({ endedAt }) => (endedAt ?? 0) <= writtenBy(request, receivedAt));
      if (read.length === 0) throw notRead(fleet);
      const ids = read.map((task) => task.id);
      await tx.fleets.publish(fleet.id, ids, { id, login }, context.clock.now());
      return read;
    }),
  );
  return { at, repositories: tasks.map(({ repository }) => repository) };
}

/** The latest moment at which it can have been written: GitHub tells seconds. */
const writtenBy = ({ saidAt }: FleetRequest, receivedAt: number): number =>
  saidAt === undefined ? receivedAt : Math.min(receivedAt, saidAt + 999);

/** Nobody can have meant a diff that was not there yet. */
function notRead({ id }: FleetRow): Refusal {
  return new Refusal(
    'wrong_state',
    `What is prepared of \`${id}\` was not yet when this was written.`,
    'Read the diffs in the tracking issue, then give the command again.',
  );
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
