import type { TaskFailure } from '../core/failures.ts';
import type { DiskLimits } from '../core/settings/types.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Log } from '../ports/log.ts';
import type { Instruments } from '../ports/metrics.ts';
import type { LogFolders } from '../ports/node-logs.ts';
import type { Workspaces } from '../ports/workspace.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Store } from '../store/contract/store.ts';

export interface SweepContext {
  store: Store;
  workspaces: Pick<Workspaces, 'remove' | 'removeOrphan' | 'removeMirror' | 'removeKeptTree' | 'removeHalfRemoved'>;
  disk: Disk;
  logs: LogFolders;
  clock: Clock;
  log: Log;
  keepWorkspaces: 'failed' | 'all' | 'none';
  limits: DiskLimits;
  /** Default: nobody counts. */
  instruments?: Pick<Instruments, 'diskMeasured'> | undefined;
  /** Ends a task that runs now, if it runs under that fence. */
  failTask(task: Lease, failure: TaskFailure): void;
}
