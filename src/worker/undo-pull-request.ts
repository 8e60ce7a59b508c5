import { TaskFailure } from '../core/failures.ts';
import type { KeptReason } from '../core/undo.ts';
import { refusalStatus } from '../effects/refusal-status.ts';
import type { UndoEnd, UndoRow } from '../store/contract/undos.ts';
import type { WorkerContext } from './context.ts';
import { judgeUndo, type UndoPlace } from './judge-undo.ts';
import { requirePermission } from './require-permission.ts';

/**
 * Closes the pull request first and deletes its branch then, each only while the head is what we pushed. Called again
 * after a crash or a fault at any point, it finishes what is left to do.
 * Throws EffectPending, GitHubError, and TaskFailure for a fault of the network that may be over soon.
 */
export async function undoPullRequest(context: WorkerContext, undo: UndoRow): Promise<UndoEnd> {
  const fleet = await context.store.read.fleets.get(undo.fleetId);
  const task = await context.store.read.tasks.get(undo.taskId);
  if (fleet === undefined || task?.pullRequest == null) throw new Error(`Task ${undo.taskId} has no pull request`);
  const place = { context, undo, fleet, task: { ...task, pullRequest: task.pullRequest } };
  await context.effects.queue(closing(place));
  const repository = await context.github.reads(fleet.installationId).repository(task.repository);
  if (repository?.id !== task.repositoryId) return { state: 'kept', reason: 'gone', detail: null };
  if (repository.archived) return { state: 'kept', reason: 'refused', detail: 'The repository is archived.' };
  const lost = await lostPermission(place, repository.fullName);
  if (lost !== null) return endAfterFault(context, undo, { reason: 'permission', detail: lost });

  const decision = await judgeUndo(place, repository.fullName);
  if (decision.action === 'keep') return { state: 'kept', reason: decision.reason, detail: null };
  const refusal = await close(place, decision.close);
  if (refusal !== null) return refusal;
  const { head, remark } = decision;
  if (head === null) return { state: 'undone', remark, detail: null };
  const left = await deleteBranch(place, repository.fullName, head);
  return left === null
    ? { state: 'undone', remark, detail: null, deleted: head }
    : { state: 'undone', remark: 'branch_left', detail: left };
}

/** Who lost it; null: nobody, the fleet may still write there. Throws GitHubError. */
async function lostPermission({ context, fleet }: UndoPlace, fullName: string): Promise<string | null> {
  try {
    await requirePermission({ context, fleet, repository: { fullName } });
    return null;
  } catch (error) {
    if (error instanceof TaskFailure && error.category === 'permission') return error.message;
    throw error;
  }
}

/** null: it is closed. Also asked where an earlier request had no answer, so that the effect is settled. */
async function close(place: UndoPlace, isOpen: boolean): Promise<UndoEnd | null> {
  const { context, undo } = place;
  const asked = (await context.store.read.effects.byKey(closingKey(undo)))?.state;
  if (!isOpen && asked === 'intended') return null;
  if (isOpen && asked === 'done') return { state: 'kept', reason: 'reopened', detail: null };
  const settled = await context.effects.perform(closing(place));
  if (settled.state !== 'refused' || !isOpen) return null;
  const reason = refusalStatus(settled) === undefined ? 'unreachable' : 'refused';
  return { state: 'kept', reason, detail: settled.error };
}

function closing({ undo, fleet, task }: UndoPlace): Parameters<WorkerContext['effects']['perform']>[0] {
  const { repository, pullRequest } = task;
  return {
    key: closingKey(undo),
    installationId: fleet.installationId,
    fleetId: fleet.id,
    taskId: task.id,
    request: { kind: 'pull_request_edit', repository, number: pullRequest.number, state: 'closed' },
  };
}

/** Why the branch is still there; null: it is not. Throws what waiting may mend. */
async function deleteBranch(
  { context, fleet, task }: UndoPlace,
  repository: string,
  expected: string,
): Promise<string | null> {
  const { installationId, branch } = fleet;
  const { repositoryId } = task;
  try {
    const at = { installationId, repositoryId, repository, branch, expected };
    const { result } = await context.workspaces.deleteBranch(at);
    return result === 'deleted' ? null : 'Somebody committed to it.';
  } catch (error) {
    if (!(error instanceof TaskFailure) || WAITING_HELPS.has(error.category)) throw error;
    return error.message;
  }
}

const WAITING_HELPS: ReadonlySet<TaskFailure['category']> = new Set(['network', 'rate_limited', 'timeout']);

/** After a fault that no waiting mends: whether the pull request is closed, and with what the person must live. */
export async function endAfterFault(
  { store }: WorkerContext,
  undo: UndoRow,
  fault: { reason: KeptReason; detail: string },
): Promise<UndoEnd> {
  const effect = await store.read.effects.byKey(closingKey(undo));
  return effect?.state === 'done'
    ? { state: 'undone', remark: 'branch_left', detail: fault.detail }
    : { state: 'kept', ...fault };
}

/** One undo asks once; the next one of the same task asks again. */
const closingKey = ({ taskId, requestedAt }: UndoRow): string => `undo:${taskId}:${requestedAt}`;
