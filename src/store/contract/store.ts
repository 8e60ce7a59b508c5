import type { ApiRequestReads, ApiRequestWrites } from './api-requests.ts';
import type { ApprovalReads, ApprovalWrites } from './approvals.ts';
import type { BudgetReads, BudgetWrites } from './budget.ts';
import type { DeliveryReads, DeliveryWrites } from './deliveries.ts';
import type { DiskReads, DiskWrites } from './disk.ts';
import type { EffectReads, EffectWrites } from './effects.ts';
import type { EventReads, EventWrites } from './events.ts';
import type { FleetPageReads } from './fleet-pages.ts';
import type { FleetReads, FleetWrites } from './fleets.ts';
import type { MetricReads } from './metrics.ts';
import type { MissedDeliveryReads, MissedDeliveryWrites } from './missed-deliveries.ts';
import type { NodeReads, NodeWrites } from './nodes.ts';
import type { NotificationReads, NotificationWrites } from './notifications.ts';
import type { PatchReads, PatchWrites } from './patches.ts';
import type { PushReads, PushWrites } from './pushes.ts';
import type { SessionReads, SessionWrites } from './sessions.ts';
import type { TaskReads, TaskWrites } from './tasks.ts';
import type { UndoReads, UndoWrites } from './undos.ts';

/**
 * The waist between asking and working: rows that the request half writes and the work half acts on.
 * Times are epoch milliseconds. Every method is one step of a transaction that the caller opened.
 */
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
  fleetPages: FleetPageReads;
  tasks: TaskReads;
  nodes: NodeReads;
  sessions: SessionReads;
  approvals: ApprovalReads;
  effects: EffectReads;
  pushes: PushReads;
  patches: PatchReads;
  budget: BudgetReads;
  events: EventReads;
  missed: MissedDeliveryReads;
  disk: DiskReads;
  undos: UndoReads;
  apiRequests: ApiRequestReads;
  notifications: NotificationReads;
  metrics: MetricReads;
}

export interface Tx {
  deliveries: DeliveryReads & DeliveryWrites;
  fleets: FleetReads & FleetWrites;
  fleetPages: FleetPageReads;
  tasks: TaskReads & TaskWrites;
  nodes: NodeReads & NodeWrites;
  sessions: SessionReads & SessionWrites;
  approvals: ApprovalReads & ApprovalWrites;
  effects: EffectReads & EffectWrites;
  pushes: PushReads & PushWrites;
  patches: PatchReads & PatchWrites;
  budget: BudgetReads & BudgetWrites;
  events: EventReads & EventWrites;
  missed: MissedDeliveryReads & MissedDeliveryWrites;
  disk: DiskReads & DiskWrites;
  undos: UndoReads & UndoWrites;
  apiRequests: ApiRequestReads & ApiRequestWrites;
  notifications: NotificationReads & NotificationWrites;
  /**
   * At start, when no worker of an earlier process can be alive: running deliveries are queued again, leases of
   * reports, undos and notifications are void, running tasks are `abandoned`, agents at work are lost. Old fences no longer hold. Effects have their own `orphanAll`.
   */
  orphanLeases(): Promise<void>;
}
