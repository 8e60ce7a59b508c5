/** What rendering needs to know of a fleet; the store's rows fit these shapes as they are. */
import type { FleetEvent } from '../events.ts';
import type { FailureCategory } from '../failures.ts';
import type { PatchFile } from '../patch.ts';
import type { Person, Plan } from '../plan.ts';
import type { PublishForecast } from '../publish-forecast.ts';
import type { FleetRequest } from '../request.ts';
import type { Gate } from '../rollout/next-step.ts';
import type { Spent } from '../spent.ts';
import type { FleetStatus, NodeStatus, TaskOutcome, TaskStatus } from '../status.ts';
import type { TurnEstimate } from '../turn-estimate.ts';
import type { UndoState } from '../undo.ts';

/** Times are epoch milliseconds. */
export interface FleetView {
  id: string;
  controlRepository: string;
  branch: string;
  plan: Plan;
  sender: Person;
  runAs: Person;
  door: FleetRequest['door'];
  origin: { issueNumber: number; commentId: number } | null;
  createdAt: number;
  expiresAt: number | null;
  approvedAt: number | null;
  approvedBy: Person | null;
  cancelRequestedAt: number | null;
  endedAt: number | null;
  /** The last wave that was released, from 0. */
  wave: number;
  /** Why no task of it starts; null: nothing holds it. */
  gate: Gate | null;
  gateSince: number | null;
  pausedAt: number | null;
  /** Login. */
  pausedBy: string | null;
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
  startedAt: number | null;
  endedAt: number | null;
  /** Not started before. */
  notBefore: number;
  /** Of the rollout, from 0. */
  wave: number;
}

export interface NodeView {
  nodeId: string;
  kind: string;
  status: NodeStatus;
  exitCode: number | null;
  tail: string;
  startedAt: number | null;
  endedAt: number | null;
}

/** A question of an `approval` node about one repository. Times are epoch milliseconds. */
export interface ApprovalView {
  taskId: string;
  nodeId: string;
  /** Rendered: it holds text of strangers. */
  message: string;
  decisions: readonly { id: string; label: string }[];
  expiresAt: number;
  answer:
    | { kind: 'decided'; decision: string; text: string; by: Person; at: number }
    | { kind: 'expired'; at: number }
    | null;
}

/** A time in which a fleet was held for a person. Times are epoch milliseconds. */
export interface GateView {
  /** The last wave that was released then, from 0. */
  wave: number;
  /** How many failures of how many repositories; null: the wave was over and the next one waited. */
  halt: { failed: number; of: number } | null;
  closedAt: number;
  /** null: it still is. `by`: a login. */
  end: { kind: 'opened' | 'cancelled'; by: string; at: number } | { kind: 'expired'; at: number } | null;
}

/** A change that a preview prepared in one or more repositories. */
export interface PatchView {
  /** In plan order. */
  taskIds: readonly string[];
  files: readonly PatchFile[];
  /** Clean already: no secrets, nothing hidden. */
  diff: string;
  /** The diff is only its beginning. */
  truncated: boolean;
}
/** Somebody's wish to have a task's pull request closed, and what became of it. */
export type UndoView = UndoState & {
  taskId: string;
  by: Person;
  /** Epoch milliseconds. */
  requestedAt: number;
  /** In GitHub's words; null: it said nothing. */
  detail: string | null;
};

/** One moment of a fleet, whole. */
export interface TrackingIssueFacts {
  fleet: FleetView;
  status: FleetStatus;
  /** In plan order. */
  tasks: readonly TaskView[];
  /** Of each task's newest attempt, by task id. */
  nodes: ReadonlyMap<string, readonly NodeView[]>;
  /** Of each task that has asked an agent, over all its attempts, by task id. */
  spent: ReadonlyMap<string, Spent>;
  /** Of each task's newest attempt, in plan order; answered ones too. */
  approvals: readonly ApprovalView[];
  /** Oldest first. */
  gates: readonly GateView[];
  /** The latest of HISTORY_EVENTS, oldest first. */
  history: readonly { at: number; event: FleetEvent }[];
  /** The first prepared first; `unread`: repositories with diffs beyond all room. */
  patches: { shown: readonly PatchView[]; unread: number };
  /** The newest of each task for which somebody asked, in plan order. */
  undos: readonly UndoView[];
  /** null: no pull request waits for GitHub's limits. */
  publishing: PublishForecast | null;
  /** When the tasks in line come to their turn; null: none is, or something holds them of which nobody knows the end. */
  turns: TurnEstimate | null;
  /** Since when no task begins because the server's disk has no room; null: it has. */
  diskFullSince: number | null;
  supersededBy: { fleet: string; url: string | null } | null;
  /** It had ended, and goes on since the issue was last written. */
  reopened: boolean;
  /** When the facts were gathered. */
  now: number;
  /** `https://github.com` */
  webUrl: string;
}
