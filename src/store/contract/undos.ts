import type { Person } from '../../core/plan.ts';
import type { KeptReason, UndoneRemark, UndoState } from '../../core/undo.ts';
import type { Lease } from './lease.ts';

/** Somebody's wish to have one task's pull request closed and its branch deleted, and what became of it. */
export type UndoRow = UndoState & {
  taskId: string;
  fleetId: string;
  by: Person;
  requestedAt: number;
  /** In GitHub's words; null: it said nothing. */
  detail: string | null;
  /** Not claimed before. */
  notBefore: number;
  /** Since when GitHub has not answered, or not as it should; null: it does. */
  failingSince: number | null;
  fence: number;
};

export type UndoEnd =
  /** `deleted`: the branch's head; absent: this try deleted none. */
  | { state: 'undone'; remark: UndoneRemark | null; detail: string | null; deleted?: string }
  | { state: 'kept'; reason: KeptReason; detail: string | null };

export interface UndoReads {
  get(taskId: string): Promise<UndoRow | undefined>;
  /** In plan order. */
  ofFleet(fleetId: string): Promise<UndoRow[]>;
  /**
   * Requested ones that nobody works on and whose time has come; of installations that are not closed, and where no live
   * task has the (repository, branch). Those asked for first come first, in plan order.
   */
  due(now: number, limit: number): Promise<UndoRow[]>;
}

export interface UndoWrites {
  /**
   * Asks for it in each of the named tasks of the fleet, in place of what was asked for before; records undo_requested.
   * Until it is settled, no other task begins on their (repository, branch). Throws unless the fleet has ended.
   */
  request(fleetId: string, taskIds: readonly string[], by: Person, now: number): Promise<void>;
  /** Takes the row for one try; undefined when it is not due. The lease's id is the task's. */
  claim(taskId: string, now: number, leaseUntil: number): Promise<(UndoRow & Lease) | undefined>;
  /** Frees the row for another try from `notBefore`. */
  release(lease: Lease, wait: { notBefore: number; failingSince: number | null }): Promise<void>;
  /** Records pull_request_undone, after branch_deleted where one was, or pull_request_kept. What was intended for the task and never sent is refused. */
  settle(lease: Lease, end: UndoEnd, now: number): Promise<void>;
}
