/** Whether a fleet's event log is whole, and whether everything that it tells may follow on what it told before. */
import type { RecordedEvent } from '../../src/core/events.ts';
import type { TaskStatus } from '../../src/core/status.ts';
import { newFleet, replayFleet } from './fleet-replay.ts';
import { isTaskEvent, newTask, replayTask, type TaskEvent, type TaskReplay } from './task-replay.ts';

/** Of a task, after its fleet's end. */
const AFTER_END: readonly TaskEvent['type'][] = ['workspace_removed', 'branch_deleted', 'pull_request_undone'];

/** The fleet's rows, to which the log has to come. */
export interface FleetRows {
  /** Number of its last event. */
  eventSeq: number;
  ended: boolean;
  tasks: readonly { id: string; status: TaskStatus; attempt: number }[];
}

/** Every fault, with the number of its event; none for a log that is whole and legal. */
export function checkEvents(log: readonly RecordedEvent[], rows: FleetRows): string[] {
  const faults = gaps(log, rows.eventSeq);
  const fleet = newFleet();
  const tasks = new Map<string, TaskReplay>(rows.tasks.map(({ id }) => [id, newTask()]));
  for (const { seq, event } of log) {
    const fault = (text: string) => faults.push(`event ${seq}: ${text}`);
    if (!fleet.planned && event.type !== 'fleet_planned') fault(`${event.type} before it was planned`);
    if (!isTaskEvent(event)) {
      const statuses = [...tasks.values()].map(({ status }) => status);
      for (const text of replayFleet(fleet, event, statuses)) fault(text);
      if (event.type === 'fleet_planned' && event.targets !== tasks.size) {
        fault(`${event.targets} targets are planned, there are ${tasks.size} tasks`);
      }
      continue;
    }
    const task = tasks.get(event.taskId);
    if (task === undefined) {
      fault(`there is no task ${event.taskId}`);
      continue;
    }
    // Where no approval was needed, nothing says so.
    if (event.type === 'task_started') fleet.approved = true;
    if (fleet.ended && !AFTER_END.includes(event.type)) fault(`${event.type} after the fleet ended`);
    for (const text of replayTask(task, event)) fault(`task ${event.taskId}: ${text}`);
  }
  return [...faults, ...differences(rows, fleet.ended, tasks)];
}

/** From 1, without a gap, to the last one that the fleet's row knows. */
function gaps(log: readonly RecordedEvent[], eventSeq: number): string[] {
  const faults = log.flatMap(({ seq }, index) =>
    seq === index + 1 ? [] : [`event ${seq} stands in place ${index + 1}`],
  );
  return log.length === eventSeq ? faults : [...faults, `${log.length} events are kept of ${eventSeq}`];
}

/** Between what the log comes to and what the rows say. */
function differences(rows: FleetRows, ended: boolean, tasks: ReadonlyMap<string, TaskReplay>): string[] {
  const faults =
    rows.ended === ended ? [] : [`the log says that the fleet ${ended ? 'ended' : 'did not end'}, its row not`];
  for (const { id, status, attempt } of rows.tasks) {
    const told = tasks.get(id);
    if (told?.status !== status) faults.push(`task ${id} is ${status}, the log says ${told?.status}`);
    if (told?.attempt !== attempt) faults.push(`task ${id} is in attempt ${attempt}, the log says ${told?.attempt}`);
  }
  return faults;
}
