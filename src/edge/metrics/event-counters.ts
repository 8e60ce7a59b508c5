import type { Registry } from 'prom-client';
import type { FleetEvent, RecordedEvent } from '../../core/events.ts';
import type { MetricReads } from '../../store/contract/metrics.ts';
import { createEventCounts, type EventTimes } from './event-counts.ts';
import { createQueueStart, type QueueStart } from './queue-start.ts';

const COUNTED = [
  'fleet_planned',
  'fleet_approved',
  'fleet_resumed',
  'wave_released',
  'gate_opened',
  'fleet_ended',
  'task_started',
  'task_requeued',
  'task_retried',
  'task_completed',
  'task_failed',
  'task_timed_out',
  'task_cancelled',
] as const satisfies readonly FleetEvent['type'][];

/** What a page may take of the event loop is about a millisecond. */
const PAGE = 200;

type Reads = { metrics: MetricReads };

export interface EventCounters {
  /** Since when tasks of a fleet can have been waiting for a place. */
  queueStart: QueueStart;
  /** Counts what was recorded since the last time. */
  catchUp(read: Reads): Promise<void>;
}

/** Counters that are made from the log of events, from its end at `cursor` on: nothing is counted twice, nothing left out. */
export function createEventCounters(
  registry: Registry,
  cursor: number,
  workflowName: (name: string) => string,
): EventCounters {
  const queueStart = createQueueStart();
  const count = createEventCounts(registry, workflowName, queueStart);
  let seen = cursor;
  return {
    queueStart,
    async catchUp({ metrics }) {
      for (;;) {
        const { cursor: next, events } = await metrics.recorded(seen, COUNTED, PAGE);
        if (next === seen) return;
        const times = await timesOf(metrics, events);
        seen = next;
        for (const recorded of events) {
          queueStart.note(recorded);
          count(recorded, times);
        }
        await new Promise((resume) => setImmediate(resume));
      }
    },
  };
}

async function timesOf(metrics: MetricReads, events: readonly RecordedEvent[]): Promise<EventTimes> {
  const tasks = new Set(
    events.flatMap(({ event }) => ('taskId' in event && event.taskId !== null ? event.taskId : [])),
  );
  const fleets = new Set(events.map(({ fleetId }) => fleetId));
  const [ofTasks, ofFleets] = [await metrics.taskTimes([...tasks]), await metrics.fleetTimes([...fleets])];
  return {
    tasks: new Map(ofTasks.map((task) => [task.id, task])),
    fleets: new Map(ofFleets.map((fleet) => [fleet.id, fleet])),
  };
}
