import type { RecordedEvent } from '../core/events.ts';
import type { GateView } from '../core/render/views.ts';
import type { EventReads } from '../store/contract/events.ts';
import type { FleetRow } from '../store/contract/fleets.ts';

type FleetInRollout = Pick<FleetRow, 'id' | 'plan' | 'endedAt' | 'eventSeq'>;

/** What held each fleet for a person, and how that ended. */
export interface GateLog {
  /** Oldest first. */
  of(fleet: FleetInRollout): Promise<readonly GateView[]>;
  /** When one closed or was opened last, epoch milliseconds; 0: never. */
  latest(fleet: FleetInRollout): Promise<number>;
}

interface Known {
  seq: number;
  wave: number;
  gates: readonly GateView[];
}

/** Reads each event once, and none of fleets without a rollout: a report is looked for after every commit. */
export function createGateLog(events: EventReads): GateLog {
  const known = new Map<string, Known>();

  async function read({ id, plan, endedAt, eventSeq }: FleetInRollout): Promise<readonly GateView[]> {
    if (plan.workflow.rollout === null) return [];
    let state = known.get(id) ?? { seq: 0, wave: 0, gates: [] };
    if (state.seq < eventSeq) {
      for (const recorded of await events.ofFleet(id, state.seq)) state = after(state, recorded);
    }
    if (endedAt === null) known.set(id, state);
    else known.delete(id);
    return state.gates;
  }

  return {
    of: read,
    async latest(fleet) {
      if (fleet.endedAt !== null) return 0;
      const last = (await read(fleet)).at(-1);
      return last === undefined ? 0 : (last.end?.at ?? last.closedAt);
    },
  };
}

function after({ wave, gates }: Known, { seq, at, event }: RecordedEvent): Known {
  const ended = (end: NonNullable<GateView['end']>): Known => {
    const last = gates.at(-1);
    return { seq, wave, gates: last === undefined || last.end !== null ? gates : gates.with(-1, { ...last, end }) };
  };
  switch (event.type) {
    case 'wave_released':
      return { seq, wave: event.wave, gates };
    case 'gate_closed': {
      const halt = event.gate === 'halted' ? { failed: event.failed, of: event.of } : null;
      return { seq, wave, gates: [...gates, { wave, halt, closedAt: at, end: null }] };
    }
    case 'gate_opened':
      return ended({ kind: 'opened', by: event.by, at });
    case 'fleet_cancel_requested':
    case 'fleet_rejected':
      return ended({ kind: 'cancelled', by: event.by, at });
    case 'gate_expired':
      return ended({ kind: 'expired', at });
    default:
      return { seq, wave, gates };
  }
}
