/** What rendering needs to know of a fleet; the store's rows fit these shapes as they are. */
import type { FailureCategory } from '../failures.ts';
import type { Person, Plan } from '../plan.ts';
import type { PublishForecast } from '../publish-forecast.ts';
import type { FleetStatus, NodeStatus, TaskOutcome, TaskStatus } from '../status.ts';

/** Times are epoch milliseconds. */
export interface FleetView {
  id: string;
  controlRepository: string;
  branch: string;
  plan: Plan;
  sender: Person;
  runAs: Person;
  origin: { issueNumber: number; commentId: number } | null;
  createdAt: number;
  expiresAt: number | null;
  approvedAt: number | null;
  approvedBy: Person | null;
  cancelRequestedAt: number | null;
  endedAt: number | null;
}

export interface TaskView {
  id: string;
  repository: string;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  category: FailureCategory | null;
  reason: string | null;
  warnings: readonly string[];
  /** Its branch is pushed or about to be. */
  publishingAt: number | null;
  pullRequest: { number: number; url: string } | null;
  workspace: string | null;
  costUsd: number | null;
  startedAt: number | null;
  endedAt: number | null;
  /** Not started before. */
  notBefore: number;
}

export interface NodeView {
  nodeId: string;
  kind: string;
  status: NodeStatus;
  exitCode: number | null;
  tail: string;
  costUsd: number | null;
  startedAt: number | null;
  endedAt: number | null;
}

/** One moment of a fleet, whole. */
export interface TrackingIssueFacts {
  fleet: FleetView;
  status: FleetStatus;
  /** In plan order. */
  tasks: readonly TaskView[];
  /** Of each task's newest attempt, by task id. */
  nodes: ReadonlyMap<string, readonly NodeView[]>;
  /** null: no pull request waits for GitHub's limits. */
  publishing: PublishForecast | null;
  supersededBy: { fleet: string; url: string | null } | null;
  /** When the facts were gathered. */
  now: number;
  /** `https://github.com` */
  webUrl: string;
}
