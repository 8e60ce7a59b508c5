import { newEffectId, newPushId } from '../core/ids.ts';
import { withMarker } from '../core/render/marker.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { EffectRequest } from '../store/contract/effects.ts';
import type { OpenRun } from './context.ts';
import type { Publication } from './decide-publication.ts';
import { describePullRequest } from './describe-pull-request.ts';
import { TaskCancelled } from './task-cancelled.ts';

/**
 * Writes down everything that will be pushed and created, in the one transaction that a cancel cannot cross: before it
 * nothing was pushed, after it the task finishes its pull request, also in another process.
 */
export async function recordPublication(
  run: OpenRun,
  snapshot: Snapshot,
  publication: Extract<Publication, { action: 'push' | 'keep' }>,
): Promise<void> {
  const { context, fleet, task, workspace } = run;
  const text = await describePullRequest(run);
  const identity = await context.github.identity();
  const now = context.clock.now();
  const sha =
    publication.action === 'keep'
      ? publication.head
      : await context.workspaces.commit(workspace, {
          tree: snapshot.tree,
          parent: workspace.baseSha,
          message: text.commitMessage,
          author: { name: identity.botLogin, email: identity.email },
          at: now,
        });

  await context.store.write(async (tx) => {
    if (!(await tx.tasks.enterPublishing(task, now))) throw new TaskCancelled();
    if (publication.action === 'push') {
      await tx.pushes.intend(task, {
        id: newPushId(context.random),
        repositoryId: task.repositoryId,
        branch: fleet.branch,
        sha,
        expected: publication.expected,
        taskId: task.id,
        fleetId: fleet.id,
        state: 'intended',
        at: now,
      });
    }
    const id = newEffectId(context.random);
    await tx.effects.intend({
      id,
      key: `pull_request:${task.id}:${task.attempt}`,
      installationId: fleet.installationId,
      fleetId: fleet.id,
      taskId: task.id,
      request: pullRequestEffect(run, publication, text, id),
      intendedAt: now,
    });
  });
}

function pullRequestEffect(
  run: OpenRun,
  { pull }: Extract<Publication, { action: 'push' | 'keep' }>,
  text: { title: string; body: string },
  effectId: string,
): EffectRequest {
  const repository = run.repository.fullName;
  if (pull !== null) {
    return {
      kind: 'pull_request_edit',
      repository,
      number: pull.number,
      title: text.title,
      body: withMarker(text.body, effectId),
    };
  }
  return {
    kind: 'pull_request',
    repository,
    repositoryId: run.task.repositoryId,
    title: text.title,
    body: text.body,
    head: run.fleet.branch,
    base: run.workspace.baseBranch,
    draft: run.fleet.plan.flags.draft || run.fleet.plan.workflow.pullRequest.draft,
  };
}
