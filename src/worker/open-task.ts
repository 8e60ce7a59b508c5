import { TaskFailure } from '../core/failures.ts';
import { allUpstream } from '../core/workflow/graph.ts';
import type { WorkflowNode } from '../core/workflow/types.ts';
import type { Workspace } from '../ports/workspace.ts';
import type { NodeRow } from '../store/contract/nodes.ts';
import type { TaskJournal } from '../store/contract/tasks.ts';
import type { OpenRun, TaskRun } from './context.ts';
import { isDiskFull } from './disk-full.ts';
import { mountSiblings } from './mount-siblings.ts';
import type { NodeResult } from './node-result.ts';
import { openWorkspace } from './open-workspace.ts';
import { WorkspaceLost } from './workspace-lost.ts';

/** A run with its workspace, and what an earlier worker of the same attempt left done; null: the attempt begins. */
export interface OpenTask {
  open: OpenRun;
  known: ReadonlyMap<string, NodeResult> | null;
}

/** A fresh clone, or where an earlier worker wrote down that it stood. Throws WorkspaceLost where that cannot be. */
export async function openTask(run: TaskRun): Promise<OpenTask> {
  const { journal } = run.task;
  if (journal === null) {
    const open = { ...run, workspace: await openWorkspace(run) };
    await mountSiblings(open);
    return { open, known: null };
  }
  const resumed = await resume(run, journal);
  if (resumed === undefined) throw new WorkspaceLost();
  return resumed;
}

async function resume(run: TaskRun, journal: TaskJournal): Promise<OpenTask | undefined> {
  const { context, task } = run;
  const workspace = await context.workspaces.reopen(run.workspaceRequest);
  if (workspace === undefined || workspace.baseSha !== task.baseSha) return undefined;
  const known = await knownResults(run, journal);
  if (known === undefined || !(await restored(run, workspace, journal.tree))) return undefined;
  const from = { keep: [...known.keys()], void: outdatedQuestions(run.fleet.plan.workflow.nodes, journal) };
  await context.store.write((tx) => tx.tasks.resume(task, from, context.clock.now()));
  return { open: { ...run, workspace }, known };
}

/** A tree that cannot even be read, for what a killed node left there, is not what it was either. */
async function restored({ context, signal }: TaskRun, workspace: Workspace, tree: string): Promise<boolean> {
  try {
    return await context.workspaces.restore(workspace, tree, { signal });
  } catch (error) {
    if (!(error instanceof TaskFailure) || isDiskFull(error) || signal.aborted) throw error;
    return false;
  }
}

/** Approvals of what is done again, and may come to something else: nobody has agreed to that. */
function outdatedQuestions(nodes: readonly WorkflowNode[], journal: TaskJournal): string[] {
  const upstream = allUpstream(nodes);
  const again = nodes.filter(({ id, kind }) => kind !== 'approval' && !journal.nodes.includes(id));
  const asks = nodes.filter(({ kind }) => kind === 'approval');
  return asks.filter((ask) => again.some(({ id }) => upstream.get(ask.id)?.has(id))).map(({ id }) => id);
}

/** Without those that always run, which an earlier worker may have begun again; undefined: a row that the journal names is missing. */
async function knownResults(
  { context, fleet, task }: TaskRun,
  journal: TaskJournal,
): Promise<Map<string, NodeResult> | undefined> {
  const rows = new Map((await context.store.read.nodes.ofTask(task.id, task.attempt)).map((row) => [row.nodeId, row]));
  const always = new Set(fleet.plan.workflow.nodes.flatMap(({ id, alwaysRun }) => (alwaysRun ? [id] : [])));
  const known = new Map<string, NodeResult>();
  for (const id of journal.nodes) {
    const row = rows.get(id);
    if (always.has(id) && row?.status !== 'skipped') continue;
    if (row?.status !== 'completed' && row?.status !== 'failed' && row?.status !== 'skipped') return undefined;
    known.set(id, resultOf(row, row.status));
  }
  return known;
}

function resultOf(row: NodeRow, status: NodeResult['status']): NodeResult {
  const { exitCode, output, tail, logFile, costUsd, costComputed, tokens, agent, model, category, reason } = row;
  return { status, exitCode, output, tail, logFile, costUsd, costComputed, tokens, agent, model, category, reason };
}
