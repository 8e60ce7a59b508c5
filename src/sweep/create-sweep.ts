import { isPublishable } from '../core/status.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Workspaces } from '../ports/workspace.ts';
import type { Store } from '../store/contract/store.ts';

const RETENTION_MS = 7 * 24 * 60 * 60_000;

/** Removes workspaces that were kept for a look and whose retention of 7 days is over; with `none`, all of ended tasks that cannot be published. */
export function createSweep(parts: {
  store: Store;
  workspaces: Workspaces;
  clock: Clock;
  log: Log;
  keepWorkspaces: 'failed' | 'all' | 'none';
}): () => Promise<void> {
  const { store, workspaces, clock, log, keepWorkspaces } = parts;
  // A task that waited has no worker when it is cancelled, so that nobody else removes what nobody wants to keep.
  const retentionMs = keepWorkspaces === 'none' ? 0 : RETENTION_MS;
  return async () => {
    for (const task of await store.read.tasks.withWorkspace(clock.now() - retentionMs)) {
      if (isPublishable(task) && (task.endedAt ?? 0) > clock.now() - RETENTION_MS) continue;
      try {
        const { id: taskId, fleetId, repositoryId, repository: folder } = task;
        await workspaces.remove({ fleetId, taskId, repositoryId, folder });
        await store.write((tx) => tx.tasks.forgetWorkspace(taskId));
      } catch (error) {
        log.warn({ task: task.id, err: error }, 'a workspace past its retention could not be removed');
      }
    }
  };
}
