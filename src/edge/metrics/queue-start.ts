import type { RecordedEvent } from '../../core/events.ts';
import type { FleetTimes } from '../../store/contract/metrics.ts';

export interface QueueStart {
  note(recorded: RecordedEvent): void;
  /** Epoch milliseconds. After a restart a retry, too, counts as a beginning, and a wave that was released does not. */
  ofFleet(fleet: FleetTimes): number;
}

/** Since when a fleet has let its tasks begin, as far as this process has seen it, else as its row tells. */
export function createQueueStart(): QueueStart {
  const opened = new Map<string, number>();
  return {
    note({ fleetId, at, event }) {
      switch (event.type) {
        // A plan that waits for approval holds its tasks, so that its time says nothing before the approval's takes its place.
        case 'fleet_planned':
        case 'fleet_approved':
        case 'fleet_resumed':
        case 'wave_released':
        case 'gate_opened':
          opened.set(fleetId, at);
          return;
        case 'fleet_ended':
          opened.delete(fleetId);
          return;
        default:
          return;
      }
    },
    ofFleet: ({ id, createdAt, approvedAt, turnedAt }) =>
      opened.get(id) ?? Math.max(approvedAt ?? createdAt, turnedAt ?? 0),
  };
}
