import { guardChange } from '../core/guards.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { TaskRun } from './context.ts';
import { guardSecrets } from './guard-secrets.ts';
import { recordJournal } from './journal.ts';
import { requireEvidence, requirePrograms } from './missing.ts';
import { applies } from './only-if.ts';
import { openTask } from './open-task.ts';
import { prepare } from './prepare.ts';
import { publish } from './publish.ts';
import { preparedJournal, publishPrepared } from './publish-prepared.ts';
import { refuseFailedNodes } from './refuse-failed-nodes.ts';
import { reportOnly } from './report-only.ts';
import { requirePermission } from './require-permission.ts';
import { requireVisibility } from './require-visibility.ts';
import { resumePublication } from './resume-publication.ts';
import { runDag } from './run-dag.ts';
import { TaskDrained } from './task-drained.ts';
import { TaskPaused } from './task-paused.ts';

/**
 * One task from its clone to its pull request, or to its patch in a preview. Returns how it ends; throws TaskFailure with
 * the category of what stopped it, EffectPending, TaskParked, TaskPaused, TaskDrained or TaskWaiting when it has to wait, WorkspaceLost
 * or PatchOutdated when it begins again, FenceLost when it is no longer this worker's.
 */
export async function runTask(run: TaskRun): Promise<TaskEnd> {
  if (run.task.publishingAt !== null) return resumePublication(run);

  await requirePermission(run);
  await requireVisibility(run);
  const prepared = await preparedJournal(run);
  if (prepared !== null) return publishPrepared(run, prepared);
  const { open, known } = await openTask(run);
  if (known === null) {
    if (!(await applies(open))) return NOT_APPLICABLE;
    await requirePrograms(open);
  }
  const results = await runDag(open, known ?? new Map());
  refuseFailedNodes(open, results);
  await requireEvidence(open);
  const { workflow } = open.fleet.plan;
  if (!workflow.opensPullRequests) return reportOnly(workflow.nodes, results);

  const snapshot = await run.context.workspaces.snapshot(open.workspace, { signal: run.signal });
  guardChange(snapshot, run.fleet.plan.changeLimits);
  await guardSecrets(open, snapshot);
  if (run.fleet.plan.flags.preview && !run.task.publishAsked) return prepare(open, snapshot, results);

  await requirePermission(open);
  try {
    return await publish(open, snapshot);
  } catch (error) {
    if (error instanceof TaskPaused || error instanceof TaskDrained) await recordJournal(open, snapshot.tree, results);
    throw error;
  }
}

const NOT_APPLICABLE: TaskEnd = {
  status: 'completed',
  outcome: 'not_applicable',
  reason: '`only_if` said no.',
  pullRequest: null,
  warnings: [],
};
