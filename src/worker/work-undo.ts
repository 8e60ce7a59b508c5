import { TaskFailure } from '../core/failures.ts';
import { EffectPending } from '../effects/effect-pending.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { FenceLost, type Lease } from '../store/contract/lease.ts';
import type { UndoRow } from '../store/contract/undos.ts';
import type { WorkerContext } from './context.ts';
import { endAfterFault, undoPullRequest } from './undo-pull-request.ts';

/** Several times as long as its requests can take together. */
const LEASE_MS = 10 * 60_000;
/** GitHub's advice for a limit answer that names no time. */
const LIMIT_PAUSE_MS = 60_000;
/** A limit that ends now or ended already, by our clock, is not asked again at once. */
const LIMIT_FLOOR_MS = 1_000;
const LOOK_AGAIN_MS = 30_000;
const PATIENCE_MS = 6 * 60 * 60_000;
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
    const wait = { notBefore: error.notBefore, failingSince: undo.failingSince };
    return store.write((tx) => tx.undos.release(undo, wait));
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
  if (now - failingSince < PATIENCE_MS) {
    return store.write((tx) => tx.undos.release(undo, { notBefore: now + LOOK_AGAIN_MS, failingSince }));
  }
  const end = await endAfterFault(context, undo, { reason: 'unreachable', detail });
  return store.write((tx) => tx.undos.settle(undo, end, now));
}

/** By GitHub's API or by its git. */
function isLimited(error: unknown): error is GitHubError | TaskFailure {
  if (error instanceof GitHubError) return error.kind === 'limited';
  return error instanceof TaskFailure && error.category === 'rate_limited';
}

/** Everything else of the installation would meet the same limit. */
async function waitForLimit(
  { store, clock }: WorkerContext,
  undo: Claimed,
  error: GitHubError | TaskFailure,
): Promise<void> {
  const now = clock.now();
  const fleet = await store.read.fleets.get(undo.fleetId);
  const named = error instanceof GitHubError ? error.retryAt : null;
  const until = Math.max(named ?? now + LIMIT_PAUSE_MS, now + LIMIT_FLOOR_MS);
  await store.write(async (tx) => {
    if (fleet !== undefined) await tx.budget.close(fleet.installationId, until);
    await tx.undos.release(undo, { notBefore: until, failingSince: undo.failingSince });
  });
}
