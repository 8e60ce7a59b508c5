import type { FleetRequest } from '../core/request.ts';
import { isUndoable } from '../core/undo.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Tx } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';
import { fleetForApprover, requireApprover } from './authorize-approver.ts';
import { discreetly, type FleetAtPlace } from './authorize-verb.ts';
import type { FleetContext } from './context.ts';
import { loadSettings } from './load-settings.ts';
import { meantTasks } from './meant-tasks.ts';
import { nothingToUndo, requireUndoable } from './require-undoable.ts';

export interface Undone {
  at: FleetAtPlace;
  /** Those in which it was asked for, in plan order. */
  repositories: readonly string[];
}

/**
 * Asks for the pull requests of an ended fleet to be closed and their branches to be deleted; the work half does it, where
 * nothing was merged and nobody else committed. Throws Refusal.
 * `receivedAt`: of the delivery. Tried again after a crash, it finds what it asked for itself and has succeeded.
 */
export async function undo(
  context: FleetContext,
  request: FleetRequest,
  command: { fleet: string | null; repositories?: string },
  receivedAt: number,
): Promise<Undone> {
  const at = await fleetForApprover(context, request, command.fleet);
  const { id, login } = request.sender;
  const tasks = await discreetly(at, async () => {
    const settings = await loadSettings(context, context.github.reads(at.fleet.installationId), at.control);
    requireApprover(settings, request.sender);
    return context.store.write(async (tx) => {
      const { fleet, all, meant } = await meantTasks(tx, at.fleet.id, command.repositories);
      const before = await askedBefore(tx, fleet, meant, { id, receivedAt });
      if (before.length > 0) return before;
      await requireUndoable(tx, fleet);
      const asked = new Map((await tx.undos.ofFleet(fleet.id)).map((row) => [row.taskId, row]));
      const open = meant.filter((task) => isUndoable(task, asked.get(task.id)));
      if (open.length === 0) throw nothingToUndo(fleet, all, meant, asked);
      const ids = open.map((task) => task.id);
      await tx.undos.request(fleet.id, ids, { id, login }, context.clock.now());
      return open;
    });
  });
  return { at, repositories: tasks.map(({ repository }) => repository) };
}

/** By this person at or after `receivedAt`: by this very command, whose answer was lost, or by one that came with it. */
async function askedBefore(
  { undos }: Pick<Tx, 'undos'>,
  { id: fleetId }: FleetRow,
  meant: readonly TaskRow[],
  { id, receivedAt }: { id: number; receivedAt: number },
): Promise<TaskRow[]> {
  const rows = (await undos.ofFleet(fleetId)).filter(
    ({ by, requestedAt }) => by.id === id && requestedAt >= receivedAt,
  );
  const ids = new Set(rows.map(({ taskId }) => taskId));
  return meant.filter((task) => ids.has(task.id));
}
