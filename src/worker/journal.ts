import { guardTree } from '../core/guards.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { FenceLost } from '../store/contract/lease.ts';
import type { TaskJournal } from '../store/contract/tasks.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';

/** Writes down where the task stands, whenever nothing of it runs. */
export interface JournalKeeper {
  /** `waits`: the task stops here for a person, so it must be written; else only where enough was done since. */
  atRest(results: ReadonlyMap<string, NodeResult>, waits: boolean): Promise<void>;
}

/**
 * For the workflow's own nodes. A snapshot costs more than many a node, so what took less than `journalAfterMs` since the
 * last one is not written: it would be run again sooner than it is kept.
 */
export function createJournalKeeper(run: OpenRun, known: ReadonlyMap<string, unknown>): JournalKeeper {
  const { context, task } = run;
  let kept = known.size;
  let keptAt = context.clock.now();

  async function keep(results: ReadonlyMap<string, NodeResult>, waits: boolean): Promise<void> {
    const snapshot = await context.workspaces.snapshot(run.workspace, { signal: run.signal });
    if (waits) guardTree(snapshot);
    if (snapshot.refused.length > 0) return;
    const now = context.clock.now();
    const journal: TaskJournal = { tree: snapshot.tree, nodes: [...results.keys()], ranMs: ranMs(run) };
    await context.store.write((tx) => tx.tasks.recordJournal(task, journal));
    kept = results.size;
    keptAt = now;
  }

  return {
    async atRest(results, waits) {
      if (waits) return keep(results, true);
      if (results.size === kept || context.clock.now() - keptAt < context.journalAfterMs) return;
      try {
        await keep(results, false);
      } catch (error) {
        // The task can go on without: what is lost is time, should the process end.
        if (error instanceof FenceLost || error instanceof GitHubError || run.signal.aborted) throw error;
        context.log.warn({ task: task.id, err: error }, 'where the task stands could not be written down');
      }
    },
  };
}

/** How long the attempt has run, over all its workers, without the waits between them. */
const ranMs = ({ context, task, claimedAt }: OpenRun): number =>
  (task.journal?.ranMs ?? 0) + (context.clock.now() - claimedAt);
