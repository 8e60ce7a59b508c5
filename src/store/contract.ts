/**
 * The waist between asking and working: rows that the request half writes and the work half acts on.
 * Times are epoch milliseconds. Every method is one step of a transaction that the caller opened.
 */
import type { FleetEvent, RecordedEvent } from '../core/events.ts';
import type { FailureCategory } from '../core/failures.ts';
import type { Person, Plan } from '../core/plan.ts';
import type { FleetRequest } from '../core/request.ts';
import type { NodeStatus, TaskOutcome, TaskStatus } from '../core/status.ts';

export interface Store {
  /**
   * One immediate transaction. Only `tx` may be awaited inside; a guard throws otherwise.
   * Wakes the engine after the commit.
   */
  write<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** Reads on a second, read-only handle; each call sees committed state. Throws inside `write`: use `tx` there. */
  read: Reads;
  /** Called after every committed write that changed something. */
  onCommit(listener: () => void): void;
  close(): Promise<void>;
}

export interface Reads {
  deliveries: DeliveryReads;
  fleets: FleetReads;
  tasks: TaskReads;
  nodes: NodeReads;
  effects: EffectReads;
  pushes: PushReads;
  budget: BudgetReads;
  events: EventReads;
}

export interface Tx {
  deliveries: DeliveryReads & DeliveryWrites;
  fleets: FleetReads & FleetWrites;
  tasks: TaskReads & TaskWrites;
  nodes: NodeReads & NodeWrites;
  effects: EffectReads & EffectWrites;
  pushes: PushReads & PushWrites;
  budget: BudgetReads & BudgetWrites;
  events: EventReads & EventWrites;
  /**
   * At start, when no worker of an earlier process can be alive: running deliveries are queued again, report leases
   * are void, running tasks are `abandoned`. Old fences no longer hold. Effects have their own `orphanAll`.
   */
  orphanLeases(): Promise<void>;
}

/** A worker's claim; every write under it compares the fence in its own transaction. */
export interface Lease {
  id: string;
  fence: number;
}

/** The row's fence moved on: somebody else works on it, and this worker must stop without another write. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
}

// Deliveries ------------------------------------------------------------------------------------------------------

export interface DeliveryRow {
  /** GitHub's delivery GUID; a redelivery keeps it. */
  id: string;
  request: FleetRequest;
  state: 'queued' | 'running' | 'done';
  receivedAt: number;
  finishedAt: number | null;
  fence: number;
  /** Tries that ended with an error of ours. */
  failures: number;
  /** What was answered, for operators: a fleet's id or a refusal. */
  answer: string | null;
}

export interface DeliveryReads {
  get(id: string): Promise<DeliveryRow | undefined>;
}

export interface DeliveryWrites {
  /** False when the id is already known. */
  insert(delivery: { id: string; request: FleetRequest; receivedAt: number }): Promise<boolean>;
  /** Claims the oldest queued deliveries, or ones whose lease ended, at most `limit`. */
  claim(now: number, leaseUntil: number, limit: number): Promise<(DeliveryRow & Lease)[]>;
  extend(lease: Lease, leaseUntil: number): Promise<void>;
  finish(lease: Lease, answer: string, now: number): Promise<void>;
  /** running → queued after a failed try, which is counted; not claimed again before `notBefore`. */
  release(lease: Lease, notBefore: number): Promise<void>;
}

// Fleets ----------------------------------------------------------------------------------------------------------

export interface FleetRow {
  id: string;
  installationId: number;
  controlRepositoryId: number;
  /** owner/name, display. */
  controlRepository: string;
  /** Hash of (installation, control repository, workflow, inputs after defaults). */
  fleetKey: string;
  workflow: string;
  branch: string;
  plan: Plan;
  /** Who asked. */
  sender: Person;
  /** Whose permission counts: the sender, or a dispatcher's run_as. */
  runAs: Person;
  door: 'comment' | 'dispatch';
  origin: FleetRequest['origin'];
  deliveryId: string;
  idempotencyKey: string | null;
  createdAt: number;
  /** A plan that waits for approval expires then; null when it needs none. */
  expiresAt: number | null;
  approvedAt: number | null;
  approvedBy: Person | null;
  cancelRequestedAt: number | null;
  endedAt: number | null;
  /** Id of the fleet with the same key that came after. */
  supersededBy: string | null;
  trackingIssue: { id: number; number: number; url: string } | null;
  eventSeq: number;
  reportedSeq: number;
  /** When the tracking issue was last written; null: never. */
  reportedAt: number | null;
  /** SHA-256 per page of what was last written there, to skip unchanged pages; the first is the issue's body. */
  reportedPages: readonly { commentId: number | null; digest: string }[];
}

export type NewFleet = Pick<
  FleetRow,
  | 'id'
  | 'installationId'
  | 'controlRepositoryId'
  | 'controlRepository'
  | 'fleetKey'
  | 'workflow'
  | 'branch'
  | 'plan'
  | 'sender'
  | 'runAs'
  | 'door'
  | 'origin'
  | 'deliveryId'
  | 'idempotencyKey'
  | 'createdAt'
  | 'expiresAt'
>;

export interface FleetReads {
  get(id: string): Promise<FleetRow | undefined>;
  unendedByKey(fleetKey: string): Promise<FleetRow | undefined>;
  byDelivery(deliveryId: string): Promise<FleetRow | undefined>;
  byIdempotencyKey(installationId: number, key: string): Promise<FleetRow | undefined>;
  byTrackingIssue(controlRepositoryId: number, issueNumber: number): Promise<FleetRow | undefined>;
  byPullRequest(repositoryId: number, pullRequest: number): Promise<FleetRow | undefined>;
  /** Newest first. */
  ofControlRepository(controlRepositoryId: number, limit: number): Promise<FleetRow[]>;
  /** The newest ended fleet of the key before this one. */
  previousOfKey(fleetKey: string, before: string): Promise<FleetRow | undefined>;
  /** Oldest first. */
  all(): Promise<FleetRow[]>;
  /** Oldest first. */
  unended(): Promise<FleetRow[]>;
  /** Plans that nobody approved in time. */
  expired(now: number): Promise<FleetRow[]>;
  /** Fleets whose report is behind and unclaimed. */
  reportsBehind(now: number): Promise<FleetRow[]>;
  /** Approved and unended, oldest first: what admission weighs. */
  loads(): Promise<FleetLoad[]>;
}

/** How much of the caps a fleet takes now. */
export interface FleetLoad {
  fleetId: string;
  /** Id of the person whose permission counts. */
  userId: number;
  /** The plan's `parallel`; null: only the caps hold. */
  parallel: number | null;
  /** Running tasks; a waiting one holds no slot. */
  running: number;
}

export interface FleetWrites {
  /**
   * Inserts the fleet with its tasks (in plan order) and the event. `conflict` names the fleet that already exists
   * for this delivery, idempotency key, or unended key; then nothing was written.
   * With `expiresAt: null` it is approved at once (`approvedBy` null). Throws when there is no task.
   */
  insert(
    fleet: NewFleet,
    tasks: readonly { id: string; repositoryId: number; repository: string }[],
    event: FleetEvent,
  ): Promise<{ inserted: true } | { inserted: false; conflict: FleetRow }>;
  /** Records fleet_approved. No effect on an approved one; throws when it ended. */
  approve(id: string, by: Person, now: number): Promise<void>;
  /** Records fleet_cancel_requested. No effect when requested or ended. `tasks.cancelFleet` comes after it. */
  requestCancel(id: string, now: number, by: Person): Promise<void>;
  /** Ends a plan that nobody approved in time: its tasks are cancelled. No effect when approved, ended or not yet due. */
  expire(id: string, now: number): Promise<void>;
  /** Records fleet_ended. The end of the last task does this by itself. Throws while a task is unended; no effect on an ended one. */
  end(id: string, now: number): Promise<void>;
  /** Records fleet_superseded. No effect when it has a successor. */
  supersede(id: string, by: string, now: number): Promise<void>;
  setTrackingIssue(id: string, issue: { id: number; number: number; url: string } | null): Promise<void>;
  /** Claims the report of a fleet whose events are ahead of its report; undefined when another holds it. */
  claimReport(id: string, now: number, leaseUntil: number): Promise<(FleetRow & Lease) | undefined>;
  /** Records what was rendered and releases the lease. */
  reported(lease: Lease, report: { seq: number; at: number; pages: FleetRow['reportedPages'] }): Promise<void>;
  /** Releases without having reported; not claimed again before `notBefore`. */
  releaseReport(lease: Lease, notBefore: number): Promise<void>;
}

// Tasks -----------------------------------------------------------------------------------------------------------

export interface TaskRow {
  id: string;
  fleetId: string;
  repositoryId: number;
  /** owner/name, display. */
  repository: string;
  /** Place in the plan, from 0. */
  position: number;
  branch: string;
  status: TaskStatus;
  outcome: TaskOutcome | null;
  category: FailureCategory | null;
  /** What happened, for people; of a completed task, a remark (null: nothing to say). */
  reason: string | null;
  warnings: readonly string[];
  attempt: number;
  fence: number;
  cancelRequested: boolean;
  publishingAt: number | null;
  baseBranch: string | null;
  baseSha: string | null;
  pullRequest: { number: number; url: string } | null;
  /** Folder of the workspace, while it exists. */
  workspace: string | null;
  costUsd: number | null;
  startedAt: number | null;
  endedAt: number | null;
  /** Not claimed before. */
  notBefore: number;
}

export type TaskEnd =
  | {
      status: 'completed';
      outcome: TaskOutcome;
      reason: string | null;
      pullRequest: { number: number; url: string } | null;
      warnings: readonly string[];
    }
  | { status: 'failed' | 'timed_out'; category: FailureCategory; reason: string }
  | { status: 'cancelled'; reason: string };

export interface TaskReads {
  get(id: string): Promise<TaskRow | undefined>;
  /** In plan order. */
  ofFleet(fleetId: string): Promise<TaskRow[]>;
  running(): Promise<TaskRow[]>;
  /** Tasks that ended at that time or before and whose workspace still exists. */
  withWorkspace(endedUntil: number): Promise<TaskRow[]>;
}

export interface TaskWrites {
  /** Queued tasks that could start now, oldest fleet first, in plan order, whose (repository, branch) nobody holds; of approved fleets only. Of a fleet whose cancel was requested only those that had begun to publish. At most `perFleet` of each. */
  admissible(now: number, perFleet?: number): Promise<TaskRow[]>;
  /** queued → running: increments the fence, and the attempt unless the task had begun to publish; records the lease and task_started. Undefined when (repository, branch) is held or the row moved. */
  start(id: string, now: number, leaseUntil: number): Promise<(TaskRow & Lease) | undefined>;
  extend(lease: Lease, leaseUntil: number): Promise<void>;
  /** Whether the fence still holds and no cancel was requested. Throws FenceLost. */
  check(lease: Lease): Promise<{ cancelRequested: boolean }>;
  recordWorkspace(lease: Lease, at: { workspace: string; baseBranch: string; baseSha: string }): Promise<void>;
  /** Adds to what the task has cost so far, over all attempts. */
  recordCost(lease: Lease, costUsd: number): Promise<void>;
  /**
   * running → publishing by one conditional update: fence equal, no cancel requested; records task_publishing.
   * False: a cancel came first. True again for a later attempt of a task that had begun to publish.
   */
  enterPublishing(lease: Lease, now: number): Promise<boolean>;
  /** The branch's owner by fleet key; claims it when it has none. False: it belongs to another key. */
  claimBranch(repositoryId: number, branch: string, fleetKey: string): Promise<boolean>;
  /** Ends the task under its fence and records the event of that end; the last one of a fleet ends the fleet too. */
  end(lease: Lease, end: TaskEnd, now: number): Promise<void>;
  /** queued → failed without having run, with its event. Throws when it is not queued. */
  refuse(id: string, category: FailureCategory, reason: string, now: number): Promise<void>;
  /** running → queued, for a task whose worker is gone or that must wait; cancelled when a cancel was requested. Records it. */
  requeue(lease: Lease, reason: string, notBefore: number, now: number): Promise<void>;
  /** After `requestCancel`: cancels every queued task of the fleet at once (which ends a fleet without others) and marks the running ones that have not begun to publish; returns the marked ones. */
  cancelFleet(fleetId: string, reason: string, now: number): Promise<TaskRow[]>;
  /** Running tasks whose lease ended before `now`: their worker is gone. */
  abandoned(now: number): Promise<(TaskRow & Lease)[]>;
  /** The workspace was removed. */
  forgetWorkspace(id: string): Promise<void>;
}

// Nodes -----------------------------------------------------------------------------------------------------------

export interface NodeRow {
  taskId: string;
  attempt: number;
  nodeId: string;
  kind: string;
  status: NodeStatus;
  exitCode: number | null;
  /** Bounded by the worker to 1 MiB. */
  output: string;
  /** End of standard output and error together, for failures; at most 8 KiB. */
  tail: string;
  logFile: string | null;
  costUsd: number | null;
  startedAt: number | null;
  endedAt: number | null;
}

export interface NodeReads {
  ofTask(taskId: string, attempt: number): Promise<NodeRow[]>;
  /** Of the newest attempt of each task of the fleet. */
  ofFleet(fleetId: string): Promise<NodeRow[]>;
}

export interface NodeWrites {
  /** Inserts or replaces under the task's fence, and records node_started or node_ended. */
  put(lease: Lease, node: NodeRow, now: number): Promise<void>;
}

// Effects ---------------------------------------------------------------------------------------------------------

export type EffectState = 'intended' | 'sent' | 'done' | 'refused' | 'unknown';

/** One creation or edit on GitHub. */
export interface EffectRow {
  id: string;
  /** What makes it the same effect: asking twice for one key is asking once. */
  key: string;
  installationId: number;
  fleetId: string | null;
  taskId: string | null;
  request: EffectRequest;
  state: EffectState;
  /** GitHub's answer, as JSON, once done. */
  result: EffectResult | null;
  /** GitHub's refusal or the last fault. */
  error: string | null;
  intendedAt: number;
  sentAt: number | null;
  /** Looks that found nothing since it became unknown. */
  looks: number;
  notBefore: number;
  fence: number;
}

export type EffectRequest =
  | { kind: 'reaction'; repository: string; commentId: number; reaction: 'eyes' | 'rocket' | 'confused' }
  | { kind: 'issue'; repository: string; title: string; body: string }
  | {
      kind: 'issue_edit';
      repository: string;
      number: number;
      title?: string;
      body?: string;
      state?: 'open' | 'closed';
      stateReason?: 'completed' | 'not_planned';
    }
  | { kind: 'comment'; repository: string; number: number; body: string }
  | { kind: 'comment_edit'; repository: string; commentId: number; body: string }
  | {
      kind: 'pull_request';
      repository: string;
      repositoryId: number;
      title: string;
      body: string;
      head: string;
      base: string;
      draft: boolean;
    }
  | { kind: 'pull_request_edit'; repository: string; number: number; title?: string; body?: string }
  | { kind: 'labels'; repository: string; number: number; labels: readonly string[] }
  | { kind: 'assignees'; repository: string; number: number; assignees: readonly string[] }
  | { kind: 'reviewers'; repository: string; number: number; reviewers: readonly string[] };

/** id: of the issue or comment; number and url: of the issue, comment's issue or pull request. */
export interface EffectResult {
  id: number | null;
  number: number | null;
  url: string | null;
}

export interface NewEffect {
  id: string;
  key: string;
  installationId: number;
  fleetId: string | null;
  taskId: string | null;
  request: EffectRequest;
  intendedAt: number;
}

export interface EffectReads {
  get(id: string): Promise<EffectRow | undefined>;
  byKey(key: string): Promise<EffectRow | undefined>;
  /** Oldest first. */
  ofTask(taskId: string): Promise<EffectRow[]>;
  /** Rows of no task that no worker holds and that can be sent or looked for now: intended, or unknown past their time, or sent by a worker whose lease ended. Oldest first. */
  due(now: number, limit: number): Promise<EffectRow[]>;
  /** Creations whose outcome is not yet known. */
  unsettledOfFleet(fleetId: string): Promise<EffectRow[]>;
}

export interface EffectWrites {
  /** The row of this key, new or as it was. */
  intend(effect: NewEffect): Promise<EffectRow>;
  /** Takes the row for one try; undefined when another holds it, it is not yet time, or it is settled. A row found `sent` is one whose worker was lost. */
  claim(id: string, now: number, leaseUntil: number): Promise<(EffectRow & Lease) | undefined>;
  /** intended | unknown → sent; committed together with the budget's reservation, before the request. */
  sent(lease: Lease, now: number): Promise<void>;
  done(lease: Lease, result: EffectResult): Promise<void>;
  refused(lease: Lease, error: string): Promise<void>;
  /** Not known whether it happened; looked for from `notBefore` on. */
  unknown(lease: Lease, error: string, notBefore: number): Promise<void>;
  /** A look found nothing; again from `notBefore`. */
  looked(lease: Lease, notBefore: number): Promise<void>;
  /** It certainly did not happen; free to be sent from `notBefore`. */
  postpone(lease: Lease, error: string, notBefore: number): Promise<void>;
  /** At start: every `sent` row becomes unknown and every lease is void. */
  orphanAll(now: number, notBefore: number): Promise<number>;
}

// Pushes ----------------------------------------------------------------------------------------------------------

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
  settle(id: string, state: 'pushed' | 'refused'): Promise<void>;
}

// Budget ----------------------------------------------------------------------------------------------------------

export interface BudgetReads {
  /** Reservations of the installation since, oldest first, as times. */
  since(installationId: number, since: number): Promise<number[]>;
  /** No content is created before; 0 when open. */
  closedUntil(installationId: number): Promise<number>;
}

export interface BudgetWrites {
  /** Never given back, not even on a crash. */
  reserve(installationId: number, effectId: string, at: number): Promise<void>;
  close(installationId: number, until: number): Promise<void>;
}

// Events ----------------------------------------------------------------------------------------------------------

export interface EventReads {
  ofFleet(fleetId: string, after?: number): Promise<RecordedEvent[]>;
}

export interface EventWrites {
  /** Appends under the fleet's row, counting its event_seq. */
  append(fleetId: string, at: number, event: FleetEvent): Promise<number>;
}
