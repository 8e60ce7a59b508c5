import type { FailureCategory } from '../../core/failures.ts';
import type { TaskOutcome, TaskStatus } from '../../core/status.ts';
import type { Lease } from './lease.ts';

/** Where a later worker can go on: nothing of the task ran when it was written. */
export interface TaskJournal {
  /** Of the work tree then, in the workspace's objects. */
  tree: string;
  /** Ids of the workflow's nodes that had ended, whose rows hold what they came to. */
  nodes: readonly string[];
  /** How long the attempt had run, without its waits. */
  ranMs: number;
}

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
  /** What it publishes, as it was guarded; null: it has not begun to publish. */
  publishingTree: string | null;
  baseBranch: string | null;
  baseSha: string | null;
  pullRequest: { number: number; url: string } | null;
  /** Folder of the workspace, while it exists. */
  workspace: string | null;
  /** US dollars that are known, of all its sessions in all attempts; null: nothing is. */
  costUsd: number | null;
  /** US dollars that count against budgets: what is known, and the worst case of what is not. */
  countedUsd: number;
  startedAt: number | null;
  endedAt: number | null;
  /** Not claimed before. */
  notBefore: number;
  /** Of its fleet's rollout, from 0. */
  wave: number;
  /** null: a later worker begins a new attempt. */
  journal: TaskJournal | null;
  /** Of a preview: what it prepared is to be pushed. */
  publishAsked: boolean;
  /** Why it ran again although it was prepared; null: it did not. */
  ranAgain: string | null;
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
  /** How many tasks wait for their turn alone, of each approved fleet that nothing holds; in no order. */
  inLine(): Promise<{ fleetId: string; tasks: number }[]>;
  /** The latest that ended, of any fleet, without those that were cancelled or asked a person; `ms`: of the last attempt. */
  lastEnded(limit: number): Promise<{ fleetId: string; ms: number }[]>;
  /** Tasks whose workspace still exists, the one that ended first first. */
  withWorkspace(): Promise<TaskRow[]>;
  /** The task to which a folder of workspaces belongs. `folder`: owner/name, as the plan has it. */
  inFolder(fleetId: string, folder: string): Promise<TaskRow | undefined>;
}

/** Times that the process of a task may end while it runs, over all its attempts. A requeue does not count. */
export const ABANDONMENTS = 5;
/** Times that a task waits for GitHub's limits before it begins to publish, since it was asked for. */
export const LIMIT_WAITS = 30;
/** So long a task that has begun to publish, or is to publish what a preview prepared, is not given up, for faults of the network or of the process: a branch would stay that nothing shows. */
export const PUBLISHING_PATIENCE_MS = 6 * 60 * 60_000;
/** Of a task that met a full disk: time for a few sweeps to make room. */
export const DISK_PAUSE_MS = 5 * 60_000;

/** Whether it has begun to publish, and not so long ago that it may be given up. */
export const isPatient = (publishingAt: number | null, now: number): boolean =>
  publishingAt !== null && now - publishingAt < PUBLISHING_PATIENCE_MS;

export interface TaskWrites {
  /**
   * A fleet's queued tasks that could start now and have not begun to publish, in plan order, at most `limit`. Only of an
   * approved, not paused fleet whose cancel was not requested, whose tracking issue exists or was given up (a pull request links to
   * it), in an installation that is not closed; and whose (repository, branch) nobody holds, nor is being undone. `begun`: only those that an
   * earlier worker has begun, and that have their workspace.
   */
  admissible(fleetId: string, now: number, limit: number, begun?: boolean): Promise<TaskRow[]>;
  /** Of all fleets, those that had begun to publish and whose time has come, in order of that time: also of a fleet whose cancel was requested. */
  parked(now: number): Promise<TaskRow[]>;
  /** queued → running: increments the fence, and the attempt unless the task had begun to publish or has a journal; records the lease and task_started. Undefined when (repository, branch) is held or the row moved. */
  start(id: string, now: number, leaseUntil: number): Promise<(TaskRow & Lease) | undefined>;
  extend(lease: Lease, leaseUntil: number): Promise<void>;
  /** What a later worker can go on from, in place of what was recorded before. */
  recordJournal(lease: Lease, journal: TaskJournal): Promise<void>;
  /**
   * The worker goes on from the journal: nodes that `keep` does not name are pending again, and decided approvals waiting,
   * whose answers stay; but those that `void` names were asked about what is done again, and are asked anew. Records
   * task_resumed.
   */
  resume(lease: Lease, from: { keep: readonly string[]; void: readonly string[] }, now: number): Promise<void>;
  /**
   * running → queued, without the journal from which nobody can go on, and as if it had never begun to publish: a new
   * attempt begins. Records it. Only where nothing of it on GitHub is left to finish.
   */
  beginAgain(lease: Lease, reason: string, now: number): Promise<void>;
  /** The same for what was prepared and can no longer be pushed as it is; the task keeps the reason as `ranAgain`. */
  prepareAgain(lease: Lease, reason: string, now: number): Promise<void>;
  /** running → waiting, or → queued where a question was answered in the meantime. Records it. Throws without an open or answered question. */
  park(lease: Lease, now: number): Promise<void>;
  /** Whether the fence still holds and no cancel was requested. Throws FenceLost. */
  check(lease: Lease): Promise<{ cancelRequested: boolean }>;
  recordWorkspace(lease: Lease, at: { workspace: string; baseBranch: string; baseSha: string }): Promise<void>;
  /**
   * running → publishing by one conditional update: fence equal, no cancel requested, fleet not paused; records
   * task_publishing and keeps the tree, of which nothing is published but this. What came first otherwise; `entered` again
   * for a later attempt of a task that had begun to publish.
   */
  enterPublishing(lease: Lease, tree: string, now: number): Promise<'entered' | 'cancelled' | 'paused'>;
  /**
   * Makes the fleet key the branch's owner when it has none or is it already, or when its owner has no unended fleet and
   * `lapsed` says that the caller saw nothing of the owner's on GitHub any more. False: it belongs to another key.
   */
  claimBranch(repositoryId: number, branch: string, fleetKey: string, options: { lapsed: boolean }): Promise<boolean>;
  /** Ends the task under its fence and records the event of that end; the last one of a fleet ends the fleet too. What is prepared keeps its journal, from which it is published. */
  end(lease: Lease, end: TaskEnd, now: number): Promise<void>;
  /**
   * Those of the fleet's named tasks that are queued and have not begun to publish fail without having run, with their
   * events; the last one ends the fleet too. The others are left alone.
   */
  refuse(
    fleetId: string,
    refused: readonly { taskId: string; reason: string }[],
    category: FailureCategory,
    now: number,
  ): Promise<void>;
  /** running → queued, for a task whose worker is gone or that must wait; cancelled when a cancel was requested. Records it. */
  requeue(lease: Lease, reason: string, notBefore: number, now: number): Promise<void>;
  /**
   * The same for one whose process ended while it ran, which is counted: at ABANDONMENTS it ends as failed, because a
   * task that kills the process would else do so for ever.
   */
  abandon(lease: Lease, now: number): Promise<void>;
  /** After `requestCancel`: cancels every queued or waiting task of the fleet at once (which ends a fleet without others) and marks the running ones that have not begun to publish; returns the marked ones. */
  cancelFleet(fleetId: string, reason: string, now: number): Promise<TaskRow[]>;
  /** Running tasks whose lease ended before `now`: their worker is gone. */
  abandoned(now: number): Promise<(TaskRow & Lease)[]>;
  /**
   * Just before the workspace of a task is removed that ended, or that begins with a fresh one. False, and nothing is
   * written: the task goes on from it or has none, or another worker has had it since. `tell`: records workspace_removed, for one that people were told is kept.
   */
  forgetWorkspace(of: Lease, tell: boolean, now: number): Promise<boolean>;
  /**
   * running → queued for a task that found no room on the disk, not started before `notBefore`; at ABANDONMENTS, counted
   * together with ended processes, it fails as `too_large`. While it publishes it is not counted.
   */
  waitForDisk(lease: Lease, notBefore: number, now: number): Promise<void>;
  /**
   * running → queued for a task that met a limit of GitHub's, in the words of `message`; after LIMIT_WAITS times before it
   * has begun to publish it fails as `rate_limited`.
   */
  waitForLimit(lease: Lease, message: string, notBefore: number, now: number): Promise<void>;
}
