import { TaskFailure } from '../core/failures.ts';
import { newPushId } from '../core/ids.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { PushRow } from '../store/contract/pushes.ts';
import { commitFiles } from './commit-files.ts';
import type { OpenRun } from './context.ts';
import { describeCommit } from './describe-pull-request.ts';
import { requireEntered } from './require-entered.ts';
import { TaskDrained } from './task-drained.ts';
import { TaskParked } from './task-parked.ts';

/**
 * One commit to the branch by compare-and-swap; its sha, or null when the branch was not at `expected` any more.
 * The row is written before the push, in the one transaction that a cancel cannot cross: before it nothing was pushed,
 * after it the task finishes its pull request, also in another process.
 * Throws TaskCancelled, TaskPaused, TaskDrained, TaskParked when it is not known whether the push landed, TaskFailure.
 */
export async function push(run: OpenRun, snapshot: Snapshot, expected: string | null): Promise<string | null> {
  const message = await describeCommit(run);
  switch (run.fleet.plan.workflow.pullRequest.commit) {
    case 'push':
      return pushByGit(run, snapshot, expected, message);
    case 'api':
      return pushByApi(run, snapshot, expected, message);
  }
}

async function pushByGit(
  run: OpenRun,
  snapshot: Snapshot,
  expected: string | null,
  message: string,
): Promise<string | null> {
  const { context, fleet, task, repository, workspace } = run;
  const { botLogin, email } = await context.github.identity();
  const sha = await context.workspaces.commit(workspace, {
    tree: snapshot.tree,
    parent: workspace.baseSha,
    message,
    author: { name: botLogin, email },
    at: context.clock.now(),
  });
  const row = await intend(run, snapshot, { sha, expected });
  const { installationId } = fleet;
  const { repositoryId } = task;
  const workflows = snapshot.changes.some(({ path }) => path.startsWith('.github/workflows/'));
  const target = { installationId, repositoryId, repository: repository.fullName, branch: fleet.branch };
  try {
    const result = await context.workspaces.push(workspace, { ...target, sha, expected, workflows });
    const landed = result.result === 'pushed' || result.head === sha;
    await settle(run, row, landed ? 'pushed' : 'refused');
    return landed ? sha : null;
  } catch (error) {
    if (error instanceof TaskFailure && error.category === 'network') throw parked(run, error);
    if (workflows && error instanceof GitHubError && /permissions requested are not granted/i.test(error.message)) {
      await settle(run, row, 'refused');
      throw new TaskFailure('permission', `${NO_WORKFLOWS} ${error.message}`, { cause: error });
    }
    // GitHub refuses a token alone here, and without one nothing was pushed.
    const waits =
      error instanceof GitHubError
        ? error.kind !== 'refused'
        : error instanceof TaskFailure && error.category === 'rate_limited';
    if (!waits) await settle(run, row, 'refused');
    throw error;
  }
}

/** GitHub gives no token for what the installation lacks (422; GitHub, "Create an installation access token for an app"). */
const NO_WORKFLOWS =
  'The change touches .github/workflows, and GitHub gives the app no token for that: give the app the permission ' +
  '"Workflows: write", and have the organization accept it.';

/** GitHub makes the commit, so its sha is known, and written down, only just before the branch moves. */
async function pushByApi(
  run: OpenRun,
  snapshot: Snapshot,
  expected: string | null,
  message: string,
): Promise<string | null> {
  const made: PushRow[] = [];
  try {
    const { sha } = await commitFiles(run, snapshot, expected, message, async (commit) => {
      made.push(await intend(run, snapshot, { sha: commit, expected }));
    });
    for (const row of made) await settle(run, row, 'pushed');
    return sha;
  } catch (error) {
    if (!(error instanceof GitHubError) || error.kind === 'limited') throw error;
    if (error.kind === 'unknown') throw made.length > 0 ? parked(run, error) : error;
    for (const row of made) await settle(run, row, 'refused');
    // The token, or the repository, and not the commit.
    if (error.status === 401 || error.status === 404 || error.status === 410) throw error;
    // 409: the branch is not where expected; 422: it moved while the commit was made (GitHub, "Update a reference").
    if (error.status === 409 || (error.status === 422 && /fast forward|already exists/i.test(error.message)))
      return null;
    throw new TaskFailure('push_rejected', `${run.repository.fullName} did not accept the commit: ${error.message}`, {
      cause: error,
    });
  }
}

async function intend(
  run: OpenRun,
  { tree }: Snapshot,
  { sha, expected }: { sha: string; expected: string | null },
): Promise<PushRow> {
  const { context, fleet, task } = run;
  const at = context.clock.now();
  const row: PushRow = {
    id: newPushId(context.random),
    repositoryId: task.repositoryId,
    branch: fleet.branch,
    sha,
    expected,
    taskId: task.id,
    fleetId: fleet.id,
    state: 'intended',
    at,
  };
  await context.store.write(async (tx) => {
    // What has begun to publish goes on: it is nearer to its end than to its beginning.
    if (run.draining.aborted && (await tx.tasks.get(task.id))?.publishingAt === null) throw new TaskDrained();
    requireEntered(await tx.tasks.enterPublishing(task, tree, at));
    await tx.pushes.intend(task, row);
  });
  return row;
}

async function settle({ context }: OpenRun, { id }: PushRow, state: 'pushed' | 'refused'): Promise<void> {
  await context.store.write((tx) => tx.pushes.settle(id, state, context.clock.now()));
}

function parked(run: OpenRun, cause: Error): TaskParked {
  const message = 'It is not known whether the push landed; the branch is looked at again.';
  return new TaskParked(message, run.context.clock.now() + run.context.lookAgainMs, { cause });
}
