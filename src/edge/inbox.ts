import type { FleetRequest } from '../core/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DeliveryWrites } from '../store/contract/deliveries.ts';

/** What of the store a door needs. */
export interface InboxStore {
  write<T>(work: (tx: { deliveries: Pick<DeliveryWrites, 'insert'> }) => Promise<T>): Promise<T>;
}

export interface Doors {
  store: InboxStore;
  clock: Clock;
  log: Log;
}

/**
 * Stores a request under GitHub's delivery id; the engine takes it from there.
 * A failing store is thrown, so that GitHub sees the delivery failed and it can be asked for again.
 */
export async function storeRequest(doors: Doors, deliveryId: string, request: FleetRequest): Promise<void> {
  const receivedAt = doors.clock.now();
  const isNew = await doors.store.write((tx) => tx.deliveries.insert({ id: deliveryId, request, receivedAt }));
  const fields = { delivery: deliveryId, door: request.door, repository: request.controlRepository.fullName };
  doors.log.info(fields, isNew ? 'stored a request' : 'knew this delivery already');
}
