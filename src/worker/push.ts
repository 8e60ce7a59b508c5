import { TaskFailure } from '../core/failures.ts';
import { newPushId } from '../core/ids.ts';
import { GitHubError } from '../ports/github-reads.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { PushRow } from '../store/contract/pushes.ts';
import { commitFiles } from './commit-files.ts';
import type { TaskRun } from './context.ts';

/**
 * Brings to the branch what was written down, by compare-and-swap, and settles the row. What had landed before a crash
 * is recognized. Throws TaskFailure `branch_diverged` when somebody moved the branch meanwhile.
 */
export async function push(run: TaskRun, intended: PushRow): Promise<void> {
  const { context, fleet, repository } = run;
  const head = await context.github.writes(fleet.installationId).branchHead(repository.fullName, intended.branch);
  if (head === intended.sha) return settle(run, intended.id, 'pushed');

  const workspace = await context.workspaces.reopen(run.workspaceRequest);
  if (workspace === undefined) {
    await settle(run, intended.id, 'refused');
    throw new TaskFailure(
      'internal',
      'The workspace is gone although its commit was not pushed yet; nothing was pushed.',
    );
  }
  switch (fleet.plan.workflow.pullRequest.commit) {
    case 'push':
      return pushByGit(run, workspace, intended);
    case 'api':
      return pushByApi(run, workspace, intended);
  }
}

async function pushByGit(run: TaskRun, workspace: Workspace, intended: PushRow): Promise<void> {
  const { context, fleet, task, repository } = run;
  const result = await context.workspaces.push(workspace, {
    installationId: fleet.installationId,
    repositoryId: task.repositoryId,
    repository: repository.fullName,
    branch: intended.branch,
    sha: intended.sha,
    expected: intended.expected,
  });
  if (result.result === 'stale' && result.head !== intended.sha) throw await diverged(run, intended, result.head);
  return settle(run, intended.id, 'pushed');
}

/** GitHub makes the commit, so its sha is known, and written down, only just before the branch moves. */
async function pushByApi(run: TaskRun, workspace: Workspace, intended: PushRow): Promise<void> {
  const { context, task } = run;
  const made: PushRow = { ...intended, id: newPushId(context.random) };
  try {
    await commitFiles(run, workspace, intended.expected, async (sha) => {
      await context.store.write((tx) => tx.pushes.intend(task, { ...made, sha, at: context.clock.now() }));
    });
  } catch (error) {
    // The only refusals of moving a branch without force are that it moved, or that a rule forbids it.
    if (error instanceof GitHubError && error.kind === 'refused' && error.status === 422) {
      throw await diverged(run, intended, null);
    }
    throw error;
  }
  await settle(run, intended.id, 'refused');
  await settle(run, made.id, 'pushed');
}

async function diverged(run: TaskRun, intended: PushRow, head: string | null): Promise<TaskFailure> {
  await settle(run, intended.id, 'refused');
  const where = head === null ? 'was moved or made by somebody else' : `moved to ${head.slice(0, 10)}`;
  return new TaskFailure(
    'branch_diverged',
    `The branch ${intended.branch} ${where} while this task ran; nothing was overwritten.`,
  );
}

async function settle(run: TaskRun, id: string, state: 'pushed' | 'refused'): Promise<void> {
  await run.context.store.write((tx) => tx.pushes.settle(id, state));
}
