import type { FailureCategory } from '../core/failures.ts';
import type { LeftOutReason } from '../core/plan.ts';
import type { FleetStatus, TaskOutcome, TaskStatus } from '../core/status.ts';

/** A fleet as somebody outside the process sees it. */
export interface WatchedFleet {
  id: string;
  status: FleetStatus;
  branch: string;
  workflow: string;
  inputs: Readonly<Record<string, string>>;
  tasks: readonly WatchedTask[];
  leftOut: readonly { repository: string; reason: LeftOutReason }[];
  trackingIssueUrl: string | null;
  /** Ended, and its tracking issue says so. */
  settled: boolean;
}

export interface WatchedTask {
  id: string;
  repository: string;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  category: FailureCategory | null;
  reason: string | null;
  pullRequestUrl: string | null;
  /** The node that runs now. */
  node: string | null;
}

/** Reads the store of a running process from another one. */
export interface FleetWatch {
  /** Every fleet, oldest first. */
  fleets(): Promise<WatchedFleet[]>;
  close(): Promise<void>;
}
