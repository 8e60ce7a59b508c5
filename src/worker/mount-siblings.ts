import { isMoreVisible } from '../core/visibility.ts';
import type { OpenRun } from './context.ts';

/**
 * Puts the files of the plan's siblings beside the clone. Hours can pass since the plan: one that fewer people can see than
 * the target by now, or that is gone, is left out, and so is the target itself.
 */
export async function mountSiblings(run: OpenRun): Promise<void> {
  const { context, fleet, task, repository: target, workspace, signal } = run;
  const reads = context.github.reads(fleet.installationId);
  for (const { repositoryId, repository } of fleet.plan.siblings) {
    if (repositoryId === task.repositoryId) continue;
    const sibling = await reads.repository(repository);
    const same = sibling?.id === repositoryId && !sibling.disabled;
    if (!same || isMoreVisible(target.visibility, sibling.visibility)) {
      context.log.info({ task: task.id, sibling: repositoryId }, 'a sibling is not put beside the clone');
      continue;
    }
    const from = { installationId: fleet.installationId, repositoryId, repository, branch: sibling.defaultBranch };
    await context.workspaces.addSibling(workspace, from, { signal });
  }
}
