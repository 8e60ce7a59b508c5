import type { Selectable } from 'kysely';
import type { DeliveryReads, DeliveryRow, DeliveryWrites } from './contract/deliveries.ts';
import { FenceLost, type Lease } from './contract/lease.ts';
import { readRequest } from './documents.ts';
import type { Db, DeliveriesTable } from './schema.ts';

function deliveryRow(row: Selectable<DeliveriesTable>): DeliveryRow {
  return {
    id: row.id,
    request: readRequest(row.request),
    state: row.state,
    receivedAt: row.received_at,
    finishedAt: row.finished_at,
    fence: row.fence,
    failures: row.failures,
    answer: row.answer,
  };
}

export function deliveryReads(db: Db): DeliveryReads {
  return {
    async get(id) {
      const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
      return row && deliveryRow(row);
    },
  };
}

export function deliveryWrites(db: Db): DeliveryWrites {
  return {
    async insert({ id, request, receivedAt }) {
      const result = await db
        .insertInto('deliveries')
        .values({
          id,
          request: JSON.stringify(request),
          state: 'queued',
          received_at: receivedAt,
          finished_at: null,
          not_before: 0,
          failures: 0,
          fence: 0,
          lease_until: null,
          answer: null,
        })
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },

    async claim(now, leaseUntil, limit) {
      const due = await db
        .selectFrom('deliveries')
        .select('id')
        .where((eb) =>
          eb.or([
            eb.and([eb('state', '=', 'queued'), eb('not_before', '<=', now)]),
            eb.and([eb('state', '=', 'running'), eb('lease_until', '<', now)]),
          ]),
        )
        .orderBy('received_at')
        .orderBy('id')
        .limit(limit)
        .execute();
      if (due.length === 0) return [];
      const claimed = await db
        .updateTable('deliveries')
        .set((eb) => ({ state: 'running', fence: eb('fence', '+', 1), lease_until: leaseUntil }))
        .where(
          'id',
          'in',
          due.map((row) => row.id),
        )
        .returningAll()
        .execute();
      return claimed.map(deliveryRow).sort((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));
    },

    async extend(lease, leaseUntil) {
      await underFence(db, lease, { lease_until: leaseUntil });
    },

    async finish(lease, answer, now) {
      await underFence(db, lease, { state: 'done', answer, finished_at: now, lease_until: null });
    },

    async release(lease, notBefore) {
      const row = await underFence(db, lease, { state: 'queued', lease_until: null, not_before: notBefore });
      await db
        .updateTable('deliveries')
        .set({ failures: row.failures + 1 })
        .where('id', '=', lease.id)
        .execute();
    },
  };
}

async function underFence(
  db: Db,
  lease: Lease,
  change: Partial<DeliveriesTable>,
): Promise<Selectable<DeliveriesTable>> {
  const row = await db
    .updateTable('deliveries')
    .set(change)
    .where('id', '=', lease.id)
    .where('fence', '=', lease.fence)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new FenceLost(`Delivery ${lease.id} is no longer held under fence ${lease.fence}.`);
  return row;
}

export async function orphanDeliveries(db: Db): Promise<void> {
  await db
    .updateTable('deliveries')
    .set((eb) => ({ state: 'queued', fence: eb('fence', '+', 1), lease_until: null }))
    .where('state', '=', 'running')
    .execute();
}
