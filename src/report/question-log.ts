import type { EventReads } from '../store/contract/events.ts';
import type { FleetRow } from '../store/contract/fleets.ts';

/** When people were last asked for a decision. */
export interface QuestionLog {
  /** Epoch milliseconds; 0: not since the issue was last written, as far as this process knows. */
  latest(fleet: FleetRow): Promise<number>;
}

/** Reads each event once, and none of fleets that ask nothing: a report is looked for after every commit. */
export function createQuestionLog(events: EventReads): QuestionLog {
  const known = new Map<string, { seq: number; askedAt: number }>();
  return {
    async latest({ id, plan, endedAt, eventSeq, reportedSeq }) {
      if (endedAt !== null || !plan.workflow.nodes.some(({ kind }) => kind === 'approval')) {
        known.delete(id);
        return 0;
      }
      const before = known.get(id) ?? { seq: reportedSeq, askedAt: 0 };
      if (before.seq >= eventSeq) return before.askedAt;
      const added = await events.ofFleet(id, before.seq);
      const askedAt = added.findLast(({ event }) => event.type === 'approval_asked')?.at ?? before.askedAt;
      known.set(id, { seq: added.at(-1)?.seq ?? before.seq, askedAt });
      return askedAt;
    },
  };
}
