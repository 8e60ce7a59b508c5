import { guardTree } from '../core/guards.ts';
import { GitHubError } from '../ports/github-reads.ts';
import { FenceLost } from '../store/contract/lease.ts';
import type { TaskJournal } from '../store/contract/tasks.ts';
import type { OpenRun } from './context.ts';
import type { NodeResult } from './node-result.ts';

/**
 * Why nothing of the task runs: between nodes it is written only where enough was done since; it must be written where
 * the task stops for a person, and is where its fleet is paused, as far as the tree allows.
 */
type Rest = 'between' | 'waits' | 'paused';

/** Writes down where the task stands, whenever nothing of it runs. */
export interface JournalKeeper {
  atRest(results: ReadonlyMap<string, NodeResult>, rest: Rest): Promise<void>;
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
    await recordJournal(run, snapshot.tree, results);
    kept = results.size;
    keptAt = context.clock.now();
  }

  return {
    async atRest(results, rest) {
      if (rest === 'waits') return keep(results, true);
      const little = results.size === kept || context.clock.now() - keptAt < context.journalAfterMs;
      if (rest === 'between' && little) return;
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

/** `tree`: of a snapshot of now. */
export async function recordJournal(run: OpenRun, tree: string, results: ReadonlyMap<string, unknown>): Promise<void> {
  const journal: TaskJournal = { tree, nodes: [...results.keys()], ranMs: ranMs(run) };
  await run.context.store.write((tx) => tx.tasks.recordJournal(run.task, journal));
}

/** How long the attempt has run, over all its workers, without the waits between them. */
const ranMs = ({ context, task, claimedAt }: OpenRun): number =>
  (task.journal?.ranMs ?? 0) + (context.clock.now() - claimedAt);
