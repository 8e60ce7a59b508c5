import { Counter, Histogram, type Registry } from 'prom-client';
import type { RecordedEvent } from '../../core/events.ts';
import { FAILURES } from '../../core/failures.ts';
import type { TaskOutcome } from '../../core/status.ts';
import type { FleetTimes, TaskTimes } from '../../store/contract/metrics.ts';
import { WAIT_SECONDS } from './instruments.ts';
import type { QueueStart } from './queue-start.ts';

/** Of work: a node of seconds, a task of an hour, a fleet of days. */
const WORK_SECONDS = [10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 2 * 3600, 6 * 3600, 24 * 3600, 7 * 24 * 3600];

const FLEET_ENDS = ['completed', 'partial', 'failed', 'cancelled'];
const OUTCOMES = ['changed', 'unchanged', 'not_applicable', 'declined', 'prepared'] as const satisfies TaskOutcome[];
/** Told from the beginning, as 0: Prometheus sees an increase only between two values, and so never of one that begins as 1. */
const TASK_ENDS = [
  ...OUTCOMES.map((outcome) => ({ status: 'completed', outcome, category: '' })),
  ...Object.keys(FAILURES)
    .filter((category) => category !== 'cancelled')
    .map((category) => ({ status: 'failed', outcome: '', category })),
  { status: 'timed_out', outcome: '', category: 'timeout' },
  { status: 'cancelled', outcome: '', category: 'cancelled' },
];

/** What rows say now of the tasks and fleets of some events. */
export interface EventTimes {
  tasks: ReadonlyMap<string, TaskTimes>;
  fleets: ReadonlyMap<string, FleetTimes>;
}

/** Counts one event. */
export function createEventCounts(
  registry: Registry,
  workflowName: (name: string) => string,
  queueStart: QueueStart,
): (recorded: RecordedEvent, times: EventTimes) => void {
  const registers = [registry];
  const fleetsPlanned = new Counter({
    name: 'flotilla_fleets_planned_total',
    help: 'Fleets that were asked for and planned',
    labelNames: ['workflow'],
    registers,
  });
  const fleetsEnded = new Counter({
    name: 'flotilla_fleets_ended_total',
    help: 'Fleets that ended, again after each retry',
    labelNames: ['workflow', 'status'],
    registers,
  });
  const fleetDurations = new Histogram({
    name: 'flotilla_fleet_duration_seconds',
    help: 'From the approval of a fleet to its end, with what it waited for people',
    labelNames: ['status'],
    buckets: WORK_SECONDS,
    registers,
  });
  const tasksStarted = new Counter({
    name: 'flotilla_tasks_started_total',
    help: 'How often a task began or went on',
    registers,
  });
  const tasksRequeued = new Counter({
    name: 'flotilla_tasks_requeued_total',
    help: 'How often a task went back into the queue by itself: a limit, a stop, a crash',
    registers,
  });
  const tasksRetried = new Counter({
    name: 'flotilla_tasks_retried_total',
    help: 'How often a task was queued again by a person',
    registers,
  });
  const tasksEnded = new Counter({
    name: 'flotilla_tasks_ended_total',
    help: 'Ends of attempts: outcome of completed ones, category of others',
    labelNames: ['status', 'outcome', 'category'],
    registers,
  });
  for (const of of TASK_ENDS) tasksEnded.inc(of, 0);
  const ofWorkflow = new Counter({
    name: 'flotilla_workflow_tasks_ended_total',
    help: 'Ends of attempts, by workflow',
    labelNames: ['workflow', 'status'],
    registers,
  });
  const taskDurations = new Histogram({
    name: 'flotilla_task_duration_seconds',
    help: 'From the start of an attempt to its end, with what it waited for people and limits',
    labelNames: ['status'],
    buckets: WORK_SECONDS,
    registers,
  });
  const taskWaits = new Histogram({
    name: 'flotilla_task_wait_seconds',
    help: 'From when a task was queued, and its fleet let it begin, until it started',
    buckets: WAIT_SECONDS,
    registers,
  });

  function end(
    { at, fleetId }: RecordedEvent,
    times: EventTimes,
    { taskId, ...of }: { taskId: string; status: string; outcome?: string; category?: string },
  ): void {
    const workflow = workflowName(times.fleets.get(fleetId)?.workflow ?? '');
    tasksEnded.inc({ outcome: '', category: '', ...of });
    ofWorkflow.inc({ workflow, status: of.status });
    const task = times.tasks.get(taskId);
    // A task that has begun anew since then no longer says how long that attempt was.
    if (task === undefined || task.startedAt === null || task.endedAt !== at) return;
    taskDurations.observe({ status: of.status }, Math.max(0, at - task.startedAt) / 1000);
  }

  function start(at: number, task: TaskTimes | undefined, fleet: FleetTimes | undefined): void {
    tasksStarted.inc();
    if (task === undefined || fleet === undefined) return;
    const since = Math.max(task.notBefore, queueStart.ofFleet(fleet));
    // One that was queued again since then no longer says how long it waited before.
    if (since <= at) taskWaits.observe((at - since) / 1000);
  }

  return (recorded, times) => {
    const { fleetId, at, event } = recorded;
    const fleet = times.fleets.get(fleetId);
    const workflow = workflowName(fleet?.workflow ?? '');
    switch (event.type) {
      case 'fleet_planned':
        fleetsPlanned.inc({ workflow });
        for (const status of FLEET_ENDS) fleetsEnded.inc({ workflow, status }, 0);
        for (const status of new Set(TASK_ENDS.map((of) => of.status))) ofWorkflow.inc({ workflow, status }, 0);
        break;
      case 'fleet_ended':
        fleetsEnded.inc({ workflow, status: event.status });
        if (fleet === undefined || fleet.approvedAt === null) break;
        fleetDurations.observe({ status: event.status }, Math.max(0, at - fleet.approvedAt) / 1000);
        break;
      case 'task_started':
        start(at, times.tasks.get(event.taskId), fleet);
        break;
      case 'task_requeued':
        tasksRequeued.inc();
        break;
      case 'task_retried':
        tasksRetried.inc();
        break;
      case 'task_completed':
        end(recorded, times, { taskId: event.taskId, status: 'completed', outcome: event.outcome });
        break;
      case 'task_failed':
        end(recorded, times, { taskId: event.taskId, status: 'failed', category: event.category });
        break;
      case 'task_timed_out':
        end(recorded, times, { taskId: event.taskId, status: 'timed_out', category: 'timeout' });
        break;
      case 'task_cancelled':
        end(recorded, times, { taskId: event.taskId, status: 'cancelled', category: 'cancelled' });
        break;
      default:
    }
  };
}
