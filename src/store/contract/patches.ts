import type { PatchFile } from '../../core/patch.ts';
import type { Lease } from './lease.ts';

/** What is needed to choose which patches are shown: a fleet's diffs together can be many megabytes. */
interface PatchSummary {
  taskId: string;
  /** Of the task; a later one has a patch of its own, or none. */
  attempt: number;
  /** When it was prepared, epoch milliseconds. */
  at: number;
  /** Equal where the change is the same, whatever else is in the repositories. */
  digest: string;
  /** UTF-16 units of the diff. */
  size: number;
}

/** What a preview would push, for people to read; the patch itself is the tree in the task's journal. */
export interface PatchRow extends PatchSummary {
  files: readonly PatchFile[];
  /** Without secrets; bounded by the worker. */
  diff: string;
  /** The diff is only its beginning. */
  truncated: boolean;
}

export interface PatchReads {
  get(taskId: string, attempt: number): Promise<PatchRow | undefined>;
  /** Of the newest attempt of each task that has one, in plan order. */
  summariesOfFleet(fleetId: string): Promise<PatchSummary[]>;
}

export interface PatchWrites {
  /** Under the task's fence, in place of any patch of the task. */
  put(lease: Lease, patch: PatchRow): Promise<void>;
}
