import type { FleetEvent, RecordedEvent } from '../../core/events.ts';

export interface EventReads {
  ofFleet(fleetId: string, after?: number): Promise<RecordedEvent[]>;
}

export interface EventWrites {
  /** Appends under the fleet's row, counting its event_seq. */
  append(fleetId: string, at: number, event: FleetEvent): Promise<number>;
}
