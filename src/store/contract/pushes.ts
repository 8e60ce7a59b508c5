import type { Lease } from './lease.ts';

export interface PushRow {
  id: string;
  repositoryId: number;
  branch: string;
  sha: string;
  /** Head that the remote had to have; null: no branch. */
  expected: string | null;
  taskId: string;
  fleetId: string;
  state: 'intended' | 'pushed' | 'refused';
  at: number;
}

export interface PushReads {
  /** Every commit that we ever meant to push there, newest first. */
  ofBranch(repositoryId: number, branch: string): Promise<PushRow[]>;
  /** Newest first. */
  ofTask(taskId: string): Promise<PushRow[]>;
}

export interface PushWrites {
  /** The row before the push. */
  intend(lease: Lease, push: PushRow): Promise<void>;
  /** What became of it; one that landed is recorded as branch_pushed, once. */
  settle(id: string, state: 'pushed' | 'refused', now: number): Promise<void>;
  /** The task's branch was deleted while its head was this commit: recorded as branch_deleted, once for each commit. */
  withdrawn(lease: Lease, sha: string, now: number): Promise<void>;
}
