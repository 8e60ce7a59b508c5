/** A task and its nodes as the event log tells them. */
import type { FleetEvent } from '../../src/core/events.ts';
import { isTerminal, mayNodeBecome, mayTaskBecome, type NodeStatus, type TaskStatus } from '../../src/core/status.ts';

export type TaskEvent = Extract<FleetEvent, { taskId: string }>;

interface NodeReplay {
  status: NodeStatus;
  /** A resumed task may have undone it: the log says how many it undid, not which. */
  mayBeUndone: boolean;
}

export interface TaskReplay {
  status: TaskStatus;
  attempt: number;
  /** Since it was last queued by a plan or a retry. */
  publishing: boolean;
  /** It ended as a preview does. */
  prepared: boolean;
  nodes: Map<string, NodeReplay>;
  /** Nodes of the last resume that may still turn out to be undone. */
  undone: number;
}

export const newTask = (): TaskReplay => ({
  status: 'queued',
  attempt: 0,
  publishing: false,
  prepared: false,
  nodes: new Map(),
  undone: 0,
});

export function isTaskEvent(event: FleetEvent): event is TaskEvent {
  return 'taskId' in event && event.type !== 'effect_done' && event.type !== 'effect_refused';
}

/** Applies one event; what it says that cannot be is returned, and the replay goes on as if it could. */
export function replayTask(task: TaskReplay, event: TaskEvent): string[] {
  switch (event.type) {
    case 'task_started':
      return [...attemptFaults(task, event.attempt), ...turn(task, 'running')];
    case 'task_requeued':
      return turn(task, 'queued', ['running', 'waiting']);
    case 'task_waiting':
      return turn(task, 'waiting');
    case 'task_publishing': {
      const faults = [...mustRun(task, event.type), ...(task.publishing ? ['it begins to publish twice'] : [])];
      task.publishing = true;
      return faults;
    }
    case 'task_completed':
      task.prepared = event.outcome === 'prepared';
      return turn(task, 'completed');
    case 'task_failed':
      return turn(task, 'failed');
    case 'task_timed_out':
      return turn(task, 'timed_out');
    case 'task_cancelled': {
      const late = task.publishing ? ['it is cancelled after it began to publish'] : [];
      return [...late, ...turn(task, 'cancelled')];
    }
    case 'task_retried':
      task.publishing = false;
      return turn(task, 'queued', ['failed', 'cancelled', 'timed_out']);
    case 'task_publish_requested':
      task.publishing = false;
      return [
        ...(task.prepared ? [] : ['what was not prepared is to be published']),
        ...turn(task, 'queued', ['completed']),
      ];
    case 'branch_pushed':
      return [
        ...mustRun(task, event.type),
        ...(task.publishing ? [] : ['a branch is pushed before it began to publish']),
      ];
    case 'workspace_removed':
      return isTerminal(task.status) ? [] : [`its workspace is removed while it is ${task.status}`];
    case 'branch_deleted':
      // By an undo, or by the task itself, whose pull request GitHub refused.
      return isTerminal(task.status) || (task.status === 'running' && task.publishing)
        ? []
        : [`its branch is deleted while it is ${task.status}`];
    case 'pull_request_undone':
    case 'pull_request_kept':
      return isTerminal(task.status) ? [] : [`what it left is undone while it is ${task.status}`];
    case 'task_resumed': {
      const other = event.attempt === task.attempt ? [] : [`it resumes attempt ${event.attempt} in ${task.attempt}`];
      for (const node of task.nodes.values()) node.mayBeUndone = true;
      task.undone = event.undone;
      return [...mustRun(task, event.type), ...other];
    }
    case 'node_started':
      return [...mustRun(task, event.type), ...turnNode(task, event.node, 'running')];
    case 'node_ended':
      return [...mustRun(task, event.type), ...turnNode(task, event.node, event.status)];
    case 'approval_asked':
      return [...mustRun(task, event.type), ...turnNode(task, event.node, 'waiting')];
    case 'approval_decided':
    case 'approval_expired':
      return task.nodes.get(event.node)?.status === 'waiting' ? [] : [`${event.node} is answered and does not wait`];
  }
}

/** The same one goes on, or the next begins, with no node of the one before. */
function attemptFaults(task: TaskReplay, attempt: number): string[] {
  const fits = attempt === task.attempt + 1 || (attempt === task.attempt && attempt > 0);
  const faults = fits ? [] : [`attempt ${attempt} follows on ${task.attempt}`];
  if (attempt !== task.attempt) {
    task.nodes.clear();
    task.undone = 0;
  }
  task.attempt = attempt;
  return faults;
}

/** @param from what this event alone may follow on; default: whatever may become `status` */
function turn(task: TaskReplay, status: TaskStatus, from: readonly TaskStatus[] = [task.status]): string[] {
  const { status: before } = task;
  task.status = status;
  return mayTaskBecome(before, status) && from.includes(before) ? [] : [`it goes from ${before} to ${status}`];
}

function mustRun({ status }: TaskReplay, type: string): string[] {
  return status === 'running' ? [] : [`${type} while it is ${status}`];
}

function turnNode(task: TaskReplay, id: string, status: NodeStatus): string[] {
  const node = task.nodes.get(id) ?? { status: 'pending' as const, mayBeUndone: false };
  const { status: before } = node;
  const undone = (['pending', 'waiting'] as const).some((from) => mayNodeBecome(from, status));
  task.nodes.set(id, { status, mayBeUndone: false });
  if (mayNodeBecome(before, status)) return [];
  if (node.mayBeUndone && undone && task.undone > 0) {
    task.undone -= 1;
    return [];
  }
  return [`node ${id} goes from ${before} to ${status}`];
}
