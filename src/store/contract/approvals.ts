import type { Person } from '../../core/plan.ts';
import type { Lease } from './lease.ts';

/** A question that an `approval` node asks about one repository. */
export interface ApprovalRow {
  fleetId: string;
  taskId: string;
  attempt: number;
  nodeId: string;
  /** Rendered; holds text of nodes, hence of strangers. */
  message: string;
  /** At least one. */
  decisions: readonly { id: string; label: string }[];
  askedAt: number;
  /** Epoch milliseconds; from then on nobody can decide any more. */
  expiresAt: number;
  answer: ApprovalAnswer | null;
}

export type ApprovalAnswer =
  | { kind: 'decided'; decision: string; text: string; by: Person; at: number }
  | { kind: 'expired'; at: number };

export interface ApprovalReads {
  /** Of one attempt, in the order in which they were asked. */
  ofTask(taskId: string, attempt: number): Promise<ApprovalRow[]>;
  /** Of each task's newest attempt, answered or not, in plan order; also of tasks that have ended, where it may stay open. */
  ofFleet(fleetId: string): Promise<ApprovalRow[]>;
}

export interface ApprovalWrites {
  /** Asks under the task's fence, and records approval_asked; the node's row says `waiting`. No effect when it was asked before. */
  ask(lease: Lease, approval: Omit<ApprovalRow, 'answer' | 'fleetId'>): Promise<void>;
  /**
   * Answers one that is open and not expired, and records approval_decided; a task that waits is queued. False: it was
   * answered before, has expired, or its task has ended or begun another attempt.
   */
  decide(
    of: Pick<ApprovalRow, 'taskId' | 'attempt' | 'nodeId'>,
    answer: { decision: string; text: string; by: Person },
    now: number,
  ): Promise<boolean>;
  /** Answers those of waiting tasks whose time is over, and records approval_expired; the tasks are queued. */
  expire(now: number): Promise<void>;
}
