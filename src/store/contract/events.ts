import type { FleetEvent, RecordedEvent } from '../../core/events.ts';

export interface EventReads {
  /** In their order, at most `limit`. */
  ofFleet(fleetId: string, after?: number, limit?: number): Promise<RecordedEvent[]>;
  /** The number of each fleet's last event; of at most 1,000 fleets. */
  newest(fleetIds: readonly string[]): Promise<Map<string, number>>;
  /** Those of some types alone, and of them the last `limit`, oldest first. */
  lastOfFleet(fleetId: string, types: readonly FleetEvent['type'][], limit: number): Promise<RecordedEvent[]>;
}

export interface EventWrites {
  /** Appends under the fleet's row, counting its event_seq. */
  append(fleetId: string, at: number, event: FleetEvent): Promise<number>;
}
