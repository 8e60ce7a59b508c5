import type { FleetEvent, RecordedEvent } from '../../core/events.ts';

export interface EventReads {
  ofFleet(fleetId: string, after?: number): Promise<RecordedEvent[]>;
  /** Those of some types alone, and of them the last `limit`, oldest first. */
  lastOfFleet(fleetId: string, types: readonly FleetEvent['type'][], limit: number): Promise<RecordedEvent[]>;
}

export interface EventWrites {
  /** Appends under the fleet's row, counting its event_seq. */
  append(fleetId: string, at: number, event: FleetEvent): Promise<number>;
}
