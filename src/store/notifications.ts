import type { Selectable } from 'kysely';
import { FenceLost, type Lease } from './contract/lease.ts';
import type { NotificationReads, NotificationRow, NotificationWrites } from './contract/notifications.ts';
import { appendEvents } from './events.ts';
import type { Db, NotificationsTable } from './schema.ts';

const notificationRow = (row: Selectable<NotificationsTable>): NotificationRow => ({
  id: row.id,
  fleetId: row.fleet_id,
  eventSeq: row.event_seq,
  kind: row.kind,
  mention: row.mention,
  body: row.body,
  state: row.state,
  tries: row.tries,
  createdAt: row.created_at,
  notBefore: row.not_before,
  fence: row.fence,
});

function due(db: Db, now: number) {
  return db
    .selectFrom('notifications')
    .selectAll()
    .where('state', '=', 'due')
    .where('not_before', '<=', now)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]));
}

export function notificationReads(db: Db): NotificationReads {
  return {
    async ofFleet(fleetId) {
      const rows = await db
        .selectFrom('notifications')
        .selectAll()
        .where('fleet_id', '=', fleetId)
        .orderBy('event_seq')
        .execute();
      return rows.map(notificationRow);
    },
    async markOf(fleetId) {
      const query = db.selectFrom('notification_marks').select('seq').where('fleet_id', '=', fleetId);
      return (await query.executeTakeFirst())?.seq ?? 0;
    },
    async due(now, limit) {
      const rows = await due(db, now).orderBy('not_before').orderBy('id').limit(limit).execute();
      return rows.map(notificationRow);
    },
  };
}

export function notificationWrites(db: Db): NotificationWrites {
  return {
    async note(fleetId, mark, moments, now) {
      for (const { id, eventSeq, kind, mention, body } of moments) {
        await db
          .insertInto('notifications')
          .values({
            id,
            fleet_id: fleetId,
            event_seq: eventSeq,
            kind,
            mention,
            body,
            state: body === null ? 'unsent' : 'due',
            created_at: now,
            tries: 0,
            not_before: now,
            fence: 0,
            lease_until: null,
          })
          .onConflict((conflict) => conflict.columns(['fleet_id', 'event_seq']).doNothing())
          .execute();
      }
      await db
        .insertInto('notification_marks')
        .values({ fleet_id: fleetId, seq: mark })
        .onConflict((conflict) => conflict.column('fleet_id').doUpdateSet({ seq: mark }))
        .execute();
    },

    async claim(id, now, leaseUntil) {
      const row = await due(db, now).where('id', '=', id).executeTakeFirst();
      if (row === undefined) return undefined;
      const fence = row.fence + 1;
      await db.updateTable('notifications').set({ fence, lease_until: leaseUntil }).where('id', '=', id).execute();
      return notificationRow({ ...row, fence });
    },

    async release(lease, { notBefore, tries }) {
      await underFence(db, lease, { not_before: notBefore, tries });
    },

    async delivered(lease) {
      await underFence(db, lease, { state: 'delivered' });
    },

    async giveUp(lease, now) {
      const { fleet_id: fleetId, kind } = await underFence(db, lease, { state: 'given_up' });
      await appendEvents(db, fleetId, now, [{ type: 'notification_given_up', v: 1, moment: kind }]);
    },
  };
}

async function underFence(
  db: Db,
  lease: Lease,
  change: Partial<NotificationsTable>,
): Promise<Selectable<NotificationsTable>> {
  const row = await db
    .updateTable('notifications')
    .set({ ...change, lease_until: null })
    .where('id', '=', lease.id)
    .where('fence', '=', lease.fence)
    .where('lease_until', 'is not', null)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) {
    throw new FenceLost(`The notification ${lease.id} is no longer held under fence ${lease.fence}.`);
  }
  return row;
}

/** At start, when nobody of an earlier process can be at work. */
export async function orphanNotifications(db: Db): Promise<void> {
  await db
    .updateTable('notifications')
    .set((eb) => ({ fence: eb('fence', '+', 1), lease_until: null }))
    .where('lease_until', 'is not', null)
    .execute();
}
