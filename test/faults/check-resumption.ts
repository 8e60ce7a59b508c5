/** Whether tasks went on from where they were written down, and did nothing again that was done by then. */
import type { RecordedEvent } from '../../src/core/events.ts';

/** Of the requeue after a crash. */
export const CRASHED = 'The process that worked on it ended.';

interface Progress {
  /** Nodes that ended since its last retry. */
  ended: Set<string>;
  /** Those that had when it began to wait for a person. */
  written: Set<string>;
  /** What its preview prepared is to be published. */
  publishes: boolean;
}

/** Every node that ran again although a wait or a preview had written down what it did; no workspace is lost by a kill alone. */
export function checkResumption(events: readonly RecordedEvent[]): string[] {
  const faults: string[] = [];
  const tasks = new Map<string, Progress>();
  for (const { seq, event } of events) {
    if (!('taskId' in event) || event.taskId === null) continue;
    const task = tasks.get(event.taskId) ?? { ended: new Set(), written: new Set(), publishes: false };
    tasks.set(event.taskId, task);
    switch (event.type) {
      case 'node_ended':
        task.ended.add(event.node);
        break;
      case 'task_waiting':
        for (const node of task.ended) task.written.add(node);
        break;
      case 'task_publish_requested':
        task.publishes = true;
        break;
      case 'task_retried':
        tasks.delete(event.taskId);
        break;
      case 'node_started': {
        const fault = (text: string) =>
          faults.push(`event ${seq}: task ${event.taskId}: ${event.node} runs again ${text}`);
        if (task.written.has(event.node)) fault('that ended before the task waited for a person');
        if (task.publishes) fault('to publish what was prepared');
        break;
      }
    }
  }
  return faults;
}

/** How often a task went on from where it was written down after its process had ended. */
export function countResumed(events: readonly RecordedEvent[]): number {
  const crashed = new Set<string>();
  let resumed = 0;
  for (const { event } of events) {
    if (event.type === 'task_requeued' && event.reason === CRASHED) crashed.add(event.taskId);
    if (event.type === 'task_resumed' && crashed.delete(event.taskId)) resumed += 1;
  }
  return resumed;
}
