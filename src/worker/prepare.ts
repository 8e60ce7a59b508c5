import { patchDigest, statOf } from '../core/patch.ts';
import { diffText } from '../core/render/diff-text.ts';
import { statText } from '../core/render/stat-text.ts';
import type { Snapshot } from '../ports/workspace.ts';
import type { TaskEnd } from '../store/contract/tasks.ts';
import type { OpenRun } from './context.ts';

/** How a preview ends that found a change: what it would push is written down, and the journal that publishes it. */
export async function prepare(
  run: OpenRun,
  snapshot: Snapshot,
  results: ReadonlyMap<string, unknown>,
): Promise<TaskEnd> {
  if (snapshot.changes.length === 0) return completed('unchanged', null);
  const { context, task } = run;
  const diff = await context.workspaces.diff(run.workspace, snapshot.tree, { signal: run.signal });
  const { text, truncated } = diffText(diff);
  await context.store.write(async (tx) => {
    await tx.patches.put(task, {
      taskId: task.id,
      attempt: task.attempt,
      at: context.clock.now(),
      digest: patchDigest(diff, snapshot.changes),
      size: text.length,
      files: diff.files,
      diff: text,
      truncated,
    });
    // To publish it has a time limit of its own, whatever the preview took.
    await tx.tasks.recordJournal(task, { tree: snapshot.tree, nodes: [...results.keys()], ranMs: 0 });
  });
  return completed('prepared', statText(statOf(diff.files)));
}

const completed = (outcome: 'prepared' | 'unchanged', reason: string | null): TaskEnd => ({
  status: 'completed',
  outcome,
  reason,
  pullRequest: null,
  warnings: [],
});
