import type { FleetEvent } from '../core/events.ts';
import type { Reads } from '../store/contract/store.ts';

type Said = Extract<FleetEvent, { by: string }>['type'];

/** By this person, at or after `receivedAt`: by this very command, whose answer was lost. */
export async function doneBefore(
  { events }: Pick<Reads, 'events'>,
  fleetId: string,
  said: { type: Said; login: string; receivedAt: number },
): Promise<boolean> {
  const all = await events.ofFleet(fleetId);
  return all.some(
    ({ at, event }) => event.type === said.type && 'by' in event && event.by === said.login && at >= said.receivedAt,
  );
}
