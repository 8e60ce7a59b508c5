import type { FleetEvent, RecordedEvent } from '../../src/core/events.ts';

export interface Slots {
  /** Tasks that ran at once, at most. */
  most: number;
  /** The same of each user. */
  mostOfUser: ReadonlyMap<number, number>;
  /** Every task in the order in which it first started. */
  firstStarts: readonly { taskId: string; fleetId: string }[];
  /** What no log may say. */
  faults: readonly string[];
}

/**
 * Who held a slot when, from the event logs of fleets alone. Between events of one moment what ended counts first: logs
 * of two fleets have no common order but time.
 * @param users fleet → the user whose cap its tasks count on
 */
export function replaySlots(events: readonly RecordedEvent[], users: ReadonlyMap<string, number>): Slots {
  const running = new Map<string, number>();
  const waiting = new Set<string>();
  const mostOfUser = new Map<number, number>();
  const firstStarts = new Map<string, string>();
  const faults: string[] = [];
  let most = 0;
  for (const { fleetId, at, event } of inOrder(events)) {
    if (!('taskId' in event) || event.taskId === null) continue;
    const { taskId } = event;
    const where = `${taskId} of ${fleetId} at ${at}`;
    if (frees(event)) {
      const held = running.delete(taskId) || waiting.delete(taskId);
      if (!held && event.type !== 'task_cancelled') faults.push(`${event.type}, not running: ${where}`);
      if (event.type === 'task_waiting') waiting.add(taskId);
    } else if (event.type === 'task_started') {
      const user = users.get(fleetId);
      if (user === undefined) faults.push(`a fleet of nobody: ${where}`);
      if (running.has(taskId)) faults.push(`started while it runs: ${where}`);
      running.set(taskId, user ?? 0);
      if (!firstStarts.has(taskId)) firstStarts.set(taskId, fleetId);
      most = Math.max(most, running.size);
      const ofUser = [...running.values()].filter((other) => other === user).length;
      mostOfUser.set(user ?? 0, Math.max(ofUser, mostOfUser.get(user ?? 0) ?? 0));
    }
  }
  for (const taskId of running.keys()) faults.push(`never ended: ${taskId}`);
  const starts = Array.from(firstStarts, ([taskId, fleetId]) => ({ taskId, fleetId }));
  return { most, mostOfUser, firstStarts: starts, faults };
}

function inOrder(events: readonly RecordedEvent[]): RecordedEvent[] {
  const moments = Map.groupBy(events, ({ at }) => at);
  return [...moments.keys()].toSorted((a, b) => a - b).flatMap((at) => ofMoment(moments.get(at) ?? []));
}

/** Each fleet's in the order of its log; of the fleets' next ones an end comes first. */
function ofMoment(events: readonly RecordedEvent[]): RecordedEvent[] {
  const logs = [...Map.groupBy(events, ({ fleetId }) => fleetId).values()].map((log) =>
    log.toSorted((a, b) => a.seq - b.seq),
  );
  const ordered: RecordedEvent[] = [];
  while (ordered.length < events.length) {
    const next = logs.find(([first]) => first !== undefined && first.event.type !== 'task_started');
    const first = (next ?? logs.find((log) => log.length > 0))?.shift();
    if (first !== undefined) ordered.push(first);
  }
  return ordered;
}

function frees({ type }: FleetEvent): boolean {
  switch (type) {
    case 'task_requeued':
    case 'task_waiting':
    case 'task_completed':
    case 'task_failed':
    case 'task_timed_out':
    case 'task_cancelled':
      return true;
    default:
      return false;
  }
}
