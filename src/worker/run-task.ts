import { guardChange } from '../core/guards.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { OpenRun, TaskRun } from './context.ts';
import { decidePublication } from './decide-publication.ts';
import { finishPublication } from './finish-publication.ts';
import { applies } from './only-if.ts';
import { openWorkspace } from './open-workspace.ts';
import { recordPublication } from './record-publication.ts';
import { refuseFailedNodes } from './refuse-failed-nodes.ts';
import { requirePermission } from './require-permission.ts';
import { runDag } from './run-dag.ts';

/**
 * One task from its clone to its pull request. Returns how it ends; throws TaskFailure with the category of what
 * stopped it, EffectPending when GitHub's limits make it wait, FenceLost when it is no longer this worker's.
 */
export async function runTask(run: TaskRun): Promise<TaskEnd> {
  if (run.task.publishingAt !== null) return finishPublication(run);

  const open: OpenRun = { ...run, workspace: await openWorkspace(run) };
  if (!(await applies(open))) return ended('not_applicable', '`only_if` said no.');

  const nodes = await runDag(open);
  refuseFailedNodes(open, nodes);

  const snapshot = await run.context.workspaces.snapshot(open.workspace);
  guardChange(snapshot, run.fleet.plan.changeLimits);

  const decision = await decidePublication(open, snapshot);
  switch (decision.action) {
    case 'unchanged':
      return decision.obsolete === null
        ? ended('unchanged', null)
        : ended('unchanged', 'Its open pull request is obsolete: there is no diff any more.', decision.obsolete);
    case 'declined':
      return ended('declined', 'A person closed this pull request; `--again` proposes it once more.', decision.pull);
    case 'keep':
      if (decision.pull !== null) return ended('changed', 'Already up to date; nothing was pushed.', decision.pull);
      break;
    case 'push':
      break;
  }
  await requirePermission(open);
  await recordPublication(open, snapshot, decision);
  return finishPublication(open);
}

function ended(
  outcome: 'changed' | 'unchanged' | 'declined' | 'not_applicable',
  reason: string | null,
  pull: { number: number; url: string } | null = null,
): TaskEnd {
  const pullRequest = pull && { number: pull.number, url: pull.url };
  return { status: 'completed', outcome, reason, pullRequest, warnings: [] };
}
