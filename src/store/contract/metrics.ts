import type { FleetEvent, RecordedEvent } from '../../core/events.ts';
import type { Gate } from '../../core/rollout/next-step.ts';
import type { TaskOutcome, TaskStatus } from '../../core/status.ts';
import type { EffectState } from './effects.ts';

/** Sums for metrics. None of them grows with what is over, so that years of fleets make a scrape no slower. */
export interface MetricReads {
  /** Fleets that have not ended, with their tasks in groups; in no order. */
  live(): Promise<LiveFleet[]>;
  queues(): Promise<QueuedUnits>;
  /** Installations that sent something within a day, wait or are closed; the lowest ids first, at most `limit`. */
  budgets(now: number, limit: number): Promise<InstallationBudget[]>;
  /**
   * What the log of any fleet got after `cursor`, in the order of recording and at most `limit`, only those types; the
   * next cursor. Nothing more was recorded when the cursor stays.
   */
  recorded(
    cursor: number,
    types: readonly FleetEvent['type'][],
    limit: number,
  ): Promise<{ cursor: number; events: RecordedEvent[] }>;
  /** The cursor at the log's end. */
  logEnd(): Promise<number>;
  /** Of those tasks that exist, at most 500 asked for at once; `notBefore`: when it was last queued, or may begin. */
  taskTimes(ids: readonly string[]): Promise<TaskTimes[]>;
  /** Of those fleets that exist, at most 500 asked for at once. */
  fleetTimes(ids: readonly string[]): Promise<FleetTimes[]>;
}

/** Epoch milliseconds. */
export interface FleetTimes {
  id: string;
  workflow: string;
  createdAt: number;
  approvedAt: number | null;
  turnedAt: number | null;
}

export interface LiveFleet extends FleetTimes {
  cancelRequestedAt: number | null;
  gate: Gate | null;
  pausedAt: number | null;
  /** The last wave that was released. */
  wave: number;
  groups: readonly TaskGroup[];
}

/** Tasks of a fleet that are alike. */
export interface TaskGroup {
  status: TaskStatus;
  outcome: TaskOutcome | null;
  wave: number;
  /** They have begun to publish. */
  publishing: boolean;
  count: number;
  /** The earliest one, epoch milliseconds; 0: never queued again. */
  notBefore: number;
}

export interface TaskTimes {
  id: string;
  startedAt: number | null;
  endedAt: number | null;
  notBefore: number;
}

/** Epoch milliseconds; null: there is none. */
export interface QueuedUnits {
  /** Not finished. */
  deliveries: { count: number; oldestAt: number | null };
  /** Fleets of which the tracking issue is behind; since when the one that is so longest. */
  reports: { count: number; oldestAt: number | null };
  /** Not settled, by state. */
  effects: readonly { state: EffectState; count: number }[];
  diskFullSince: number | null;
}

/** Content-creating requests of an installation. */
export interface InstallationBudget {
  installationId: number;
  sentInMinute: number;
  sentInHour: number;
  /** Effects that wait for their place. */
  waiting: number;
  /** Epoch milliseconds; 0: open. */
  closedUntil: number;
}
