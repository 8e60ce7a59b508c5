import type { FleetRequest } from '../core/request.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DeliveryWrites } from '../store/contract/deliveries.ts';
import type { FleetRow } from '../store/contract/fleets.ts';
import type { Strangers } from './strangers.ts';

/** A person gives commands faster than they are answered only by a script. */
export const MOST_UNFINISHED_OF_ONE = 20;

type InboxTx = { deliveries: Pick<DeliveryWrites, 'insert' | 'unfinishedCommentsOf' | 'unfinishedEditsOf'> };

/** What of the store a door needs. */
export interface InboxStore {
  read: {
    fleets: {
      byTrackingIssue(
        repositoryId: number,
        issueNumber: number,
      ): Promise<Pick<FleetRow, 'id' | 'installationId'> | undefined>;
    };
  };
  write<T>(work: (tx: InboxTx) => Promise<T>): Promise<T>;
}

export interface Doors {
  store: InboxStore;
  strangers: Pick<Strangers, 'isKnown'>;
  clock: Clock;
  log: Log;
}

/**
 * Stores a request under GitHub's delivery id; the engine takes it from there. Comments of a known stranger, and of
 * somebody whose last 20 still wait, are dropped: anybody can write them on a public repository. A stranger's approve,
 * reject and undo are kept: whom `approvers:` names needs no write permission for these.
 * A failing store is thrown, so that GitHub sees the delivery failed and it can be asked for again.
 */
export async function storeRequest(doors: Doors, deliveryId: string, request: FleetRequest): Promise<void> {
  const { door, sender, controlRepository } = request;
  const fields = { delivery: deliveryId, door, repository: controlRepository.fullName, sender: sender.login };
  if (door === 'comment' && !isForApprovers(request) && doors.strangers.isKnown(sender.id, controlRepository.id)) {
    doors.log.info(fields, 'dropped a command of somebody who was refused a short while ago');
    return;
  }
  const receivedAt = doors.clock.now();
  const result = await doors.store.write(async ({ deliveries }) => {
    if (door === 'comment' && (await deliveries.unfinishedCommentsOf(sender.id)) >= MOST_UNFINISHED_OF_ONE) {
      return 'too many';
    }
    return (await deliveries.insert({ id: deliveryId, request, receivedAt })) ? 'new' : 'known';
  });
  switch (result) {
    case 'new':
      return doors.log.info(fields, 'stored a request');
    case 'known':
      return doors.log.info(fields, 'knew this delivery, or its comment, already');
    case 'too many':
      return doors.log.warn(fields, `dropped a command: ${MOST_UNFINISHED_OF_ONE} of this sender still wait`);
  }
}

function isForApprovers({ command }: FleetRequest): boolean {
  if (!command.ok) return false;
  const { verb } = command.command;
  return verb === 'approve' || verb === 'reject' || verb === 'undo';
}
