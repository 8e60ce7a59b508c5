import type { FailureCategory } from '../core/failures.ts';
import type { LeftOutReason } from '../core/plan.ts';
import type { Gate } from '../core/rollout/next-step.ts';
import type { Spent } from '../core/spent.ts';
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
  /** Of the wave that was released last; null: all repositories are one. */
  wave: string | null;
  /** The fleet waits as a whole for a person; null: it does not. */
  held: WatchedGate | null;
  /** Somebody paused it, and nobody resumed it so far. */
  paused: boolean;
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
  /** What its agents came to so far, over all attempts. */
  spent: Spent;
  /** It waits until that one is released. */
  wave: string | null;
  /** The node that runs now. */
  node: string | null;
  /** What a person is asked; null: nothing. */
  question: WatchedQuestion | null;
}

/** An open approval. */
export interface WatchedQuestion {
  node: string;
  /** Ids of what can be decided. */
  decisions: readonly string[];
}

/** `opens`: what an approval does, as in `releases wave 2 (6 repositories)`. */
export interface WatchedGate {
  gate: Gate;
  opens: string;
}

/** Reads the store of a running process from another one. */
export interface FleetWatch {
  /** Every fleet, oldest first. */
  fleets(): Promise<WatchedFleet[]>;
  close(): Promise<void>;
}
