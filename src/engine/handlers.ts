import type { Caps } from '../core/slots.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DeliveryRow } from '../store/contract/deliveries.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Lease } from '../store/contract/lease.ts';
import type { Store } from '../store/contract/store.ts';
import type { TaskRow } from '../store/contract/tasks.ts';

/** What is done with each kind of unit. A handler may run again after a crash at any point. */
export interface EngineHandlers {
  /** Finishes the delivery; one that it leaves running is finished after it. */
  delivery(row: DeliveryRow & Lease): Promise<void>;
  /**
   * Ends the task. `signal` aborts on a cancel request, a lost lease or when a drain's grace is over, with a TaskStopped;
   * then it only has to return; or with the TaskFailure that has to end it. `draining` aborts when a drain begins: then it starts nothing more of the task.
   */
  task(row: TaskRow & Lease, signal: AbortSignal, draining: AbortSignal): Promise<void>;
  /** Claims inside. */
  report(fleetId: string): Promise<void>;
  /** Claims inside. */
  effect(effectId: string): Promise<void>;
  /** Claims inside. */
  undo(taskId: string): Promise<void>;
  /** Claims inside. `signal` aborts when a drain's grace is over. */
  notification(id: string, signal: AbortSignal): Promise<void>;
  sweep(): Promise<void>;
  /** Finds deliveries that did not arrive and asks for them again. `signal` aborts on a drain. */
  missed(signal: AbortSignal): Promise<void>;
}

export interface EngineOptions {
  store: Store;
  clock: Clock;
  log: Log;
  caps: Caps;
  handlers: EngineHandlers;
  /** When a fleet's next report is due, in epoch milliseconds. */
  reportDue(fleet: FleetRow, now: number): number | Promise<number>;
  leaseMs?: number;
  sweepMs?: number;
  missedMs?: number;
  /** How long an aborted task may take to return before it is queued again without it. */
  abortGraceMs?: number;
}
