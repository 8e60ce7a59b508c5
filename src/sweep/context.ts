import type { TaskFailure } from '../core/failures.ts';
import type { DiskLimits } from '../core/settings/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Log } from '../ports/log.ts';
import type { Workspaces } from '../ports/workspace.ts';
import type { Store } from '../store/contract/store.ts';

export interface SweepContext {
  store: Store;
  workspaces: Workspaces;
  disk: Disk;
  clock: Clock;
  log: Log;
  keepWorkspaces: 'failed' | 'all' | 'none';
  limits: DiskLimits;
  /** Ends a task that runs now. */
  failTask(id: string, failure: TaskFailure): void;
}
