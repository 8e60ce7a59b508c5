import type { TaskFailure } from '../core/failures.ts';
import { EffectPending } from '../effects/effect-pending.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import { PUBLISHING_PATIENCE_MS } from '../store/contract/tasks.ts';
import type { UndoRow } from '../store/contract/undos.ts';
import type { WorkerContext } from './context.ts';
import { askAgainAt, isLimited } from './github-limit.ts';
import { endAfterFault, undoPullRequest } from './undo-pull-request.ts';

/** Longer than its requests take together, git's with their time limits; where they do not, the fence keeps one of the two. */
const LEASE_MS = 10 * 60_000;
const MAX_DETAIL = 2_000;

type Claimed = UndoRow & Lease;

/**
 * The engine's handler for one undo: claims it, closes the pull request, deletes the branch, and records how it ended; or
 * frees it for a later try. Every try looks anew, so that a crash at any point repeats nothing. A lost fence writes nothing.
 */
export async function workUndo(context: WorkerContext, taskId: string): Promise<void> {
  const { store, clock, log } = context;
  const now = clock.now();
  const undo = await store.write((tx) => tx.undos.claim(taskId, now, now + LEASE_MS));
  if (undo === undefined) return;
  try {
    await settle(context, undo);
  } catch (error) {
    if (!(error instanceof FenceLost)) throw error;
    log.warn({ task: taskId, err: error }, 'an undo was taken over while it was worked on');
  }
}

async function settle(context: WorkerContext, undo: Claimed): Promise<void> {
  const { store, clock } = context;
  try {
    const end = await undoPullRequest(context, undo);
    await store.write((tx) => tx.undos.settle(undo, end, clock.now()));
  } catch (error) {
    if (error instanceof FenceLost) throw error;
    await waitOrKeep(context, undo, error);
  }
}

async function waitOrKeep(context: WorkerContext, undo: Claimed, error: unknown): Promise<void> {
  const { store, clock, log } = context;
  const now = clock.now();
  if (error instanceof EffectPending) {
    return store.write((tx) => tx.undos.release(undo, { notBefore: error.notBefore, failingSince: null }));
  }
  if (isLimited(error)) return waitForLimit(context, undo, error);
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, MAX_DETAIL);
  if (error instanceof GitHubError && error.kind === 'refused') {
    const reason = error.status === 404 || error.status === 410 ? 'gone' : 'refused';
    const end = await endAfterFault(context, undo, { reason, detail });
    return store.write((tx) => tx.undos.settle(undo, end, now));
  }
  const failingSince = undo.failingSince ?? now;
  log.warn({ task: undo.taskId, err: error }, 'an undo met an error');
  if (now - failingSince < PUBLISHING_PATIENCE_MS) {
    return store.write((tx) => tx.undos.release(undo, { notBefore: now + context.lookAgainMs, failingSince }));
  }
  const end = await endAfterFault(context, undo, { reason: 'unreachable', detail });
  return store.write((tx) => tx.undos.settle(undo, end, now));
}

/** It has answered. Everything else of the installation would meet the same limit. */
async function waitForLimit(
  { store, clock }: WorkerContext,
  undo: Claimed,
  error: GitHubError | TaskFailure,
): Promise<void> {
  const now = clock.now();
  const fleet = await store.read.fleets.get(undo.fleetId);
  const until = askAgainAt(error, now);
  await store.write(async (tx) => {
    if (fleet !== undefined) await tx.budget.close(fleet.installationId, until);
    await tx.undos.release(undo, { notBefore: until, failingSince: null });
  });
}
