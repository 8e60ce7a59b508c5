/** When people are told of a fleet: it begins to wait for them, or has ended. */
import type { FleetEvent } from '../events.ts';
import type { Gate } from '../rollout/next-step.ts';
import type { FleetStatus } from '../status.ts';

/** What a fleet waits for: approval of its plan or of its next wave, somebody's look at failures, answers to its questions. */
export type WaitReason = 'plan' | 'wave' | 'halted' | 'approvals';

/** `seq`: of the event with which it began, which names the moment. */
export type Moment =
  | { kind: 'waiting'; seq: number; why: WaitReason }
  | { kind: 'ended'; seq: number; status: FleetStatus };

export interface MomentFacts {
  fleet: {
    approvedAt: number | null;
    cancelRequestedAt: number | null;
    endedAt: number | null;
    gate: Gate | null;
  };
  /** Questions that nobody has answered, of tasks that have not ended. */
  open: readonly { taskId: string; nodeId: string }[];
}

/**
 * What is to be told of these events, which are those since it was looked last. What began and was over between two looks
 * is not told. Many repositories that ask are one moment: the first with no question open before.
 */
export function momentsSince({ fleet, open }: MomentFacts, events: readonly Recorded[]): Moment[] {
  if (fleet.endedAt !== null) return endedMoment(events);
  const last = (type: FleetEvent['type']) => events.findLast(({ event }) => event.type === type)?.seq;
  const planned = fleet.approvedAt === null && fleet.cancelRequestedAt === null ? last('fleet_planned') : undefined;
  const closed = fleet.gate === null ? undefined : last('gate_closed');
  return [
    ...(planned === undefined ? [] : [{ kind: 'waiting', seq: planned, why: 'plan' } as const]),
    ...(closed === undefined || fleet.gate === null
      ? []
      : [{ kind: 'waiting', seq: closed, why: fleet.gate } as const]),
    ...askedMoment(open, events),
  ];
}

interface Recorded {
  seq: number;
  event: FleetEvent;
}

function endedMoment(events: readonly Recorded[]): Moment[] {
  const end = events.findLast(({ event }) => event.type === 'fleet_ended');
  return end?.event.type === 'fleet_ended' ? [{ kind: 'ended', seq: end.seq, status: end.event.status }] : [];
}

function askedMoment(open: MomentFacts['open'], events: readonly Recorded[]): Moment[] {
  const asked = new Map(
    events.flatMap(({ seq, event }) =>
      event.type === 'approval_asked' ? [[`${event.taskId} ${event.node}`, seq] as const] : [],
    ),
  );
  const seqs = open.map(({ taskId, nodeId }) => asked.get(`${taskId} ${nodeId}`));
  const known = seqs.filter((seq) => seq !== undefined);
  // One that was asked before is waited for already, and was told.
  if (known.length === 0 || known.length < seqs.length) return [];
  return [{ kind: 'waiting', seq: Math.min(...known), why: 'approvals' }];
}
