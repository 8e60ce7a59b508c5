import { type Selectable, sql } from 'kysely';
import type { MissedDeliveryReads, MissedDeliveryRow, MissedDeliveryWrites } from './contract/missed-deliveries.ts';
import { inChunks } from './rows.ts';
import type { Db, DeliveryLooksTable, MissedDeliveriesTable } from './schema.ts';

/** The only row of `delivery_looks`: a data directory serves one app. */
const THE_LOOK = 1;

/** Pages are read newest first, so that an older attempt may be found after a newer one. */
const NEWER_ATTEMPT = sql<string>`case
  when length(excluded.attempt_id) > length(missed_deliveries.attempt_id) then excluded.attempt_id
  when length(excluded.attempt_id) < length(missed_deliveries.attempt_id) then missed_deliveries.attempt_id
  when excluded.attempt_id > missed_deliveries.attempt_id then excluded.attempt_id
  else missed_deliveries.attempt_id end`;
const EARLIER = sql<number>`case
  when excluded.first_at < missed_deliveries.first_at then excluded.first_at
  else missed_deliveries.first_at end`;

function missedRow(row: Selectable<MissedDeliveriesTable>): MissedDeliveryRow {
  return { guid: row.guid, attemptId: row.attempt_id, event: row.event, firstAt: row.first_at, asked: row.asked };
}

export function missedDeliveryReads(db: Db): MissedDeliveryReads {
  return {
    async look() {
      const row = await db.selectFrom('delivery_looks').selectAll().where('id', '=', THE_LOOK).executeTakeFirst();
      const mark = { newest: row?.newest ?? null, seenAt: row?.seen_at ?? 0, settled: row?.settled === 1 };
      return { mark, notBefore: row?.not_before ?? 0 };
    },
    async due(now) {
      const rows = await db
        .selectFrom('missed_deliveries')
        .selectAll()
        .where('state', '=', 'open')
        .where('next_ask_at', '<=', now)
        .orderBy('first_at')
        // Times are whole seconds, and GitHub's numbers grow; as text 9 would come after 10.
        .orderBy(sql`length(attempt_id)`)
        .orderBy('attempt_id')
        .execute();
      return rows.map(missedRow);
    },
    async firstAt(guid) {
      const row = await db
        .selectFrom('missed_deliveries')
        .select('first_at')
        .where('guid', '=', guid)
        .executeTakeFirst();
      return row?.first_at;
    },
  };
}

export function missedDeliveryWrites(db: Db): MissedDeliveryWrites {
  return {
    async found({ missed, arrived, mark, forgetBefore }) {
      for (const chunk of inChunks(missed)) {
        await db
          .insertInto('missed_deliveries')
          .values(
            chunk.map(({ guid, attemptId, event, firstAt }) => ({
              guid,
              attempt_id: attemptId,
              event,
              first_at: firstAt,
              asked: 0,
              next_ask_at: 0,
              state: 'open' as const,
            })),
          )
          .onConflict((conflict) =>
            conflict.column('guid').doUpdateSet({ attempt_id: NEWER_ATTEMPT, first_at: EARLIER }),
          )
          .execute();
      }
      await settle(db, arrived);
      await db.deleteFrom('missed_deliveries').where('first_at', '<', forgetBefore).execute();
      await setLook(db, { newest: mark.newest, seen_at: mark.seenAt, settled: mark.settled ? 1 : 0 });
    },

    async asked(guid, asked, nextAskAt) {
      await db
        .updateTable('missed_deliveries')
        .set({ asked, next_ask_at: nextAskAt })
        .where('guid', '=', guid)
        .execute();
    },

    async giveUp(guid) {
      await db.updateTable('missed_deliveries').set({ state: 'given_up' }).where('guid', '=', guid).execute();
    },

    async holdUntil(notBefore) {
      await setLook(db, { not_before: notBefore });
    },
  };
}

/** A list holds the GUIDs of days, and few are open: those are looked up in it, not it in the table. */
async function settle(db: Db, arrived: ReadonlySet<string>): Promise<void> {
  const open = await db.selectFrom('missed_deliveries').select('guid').where('state', '=', 'open').execute();
  for (const chunk of inChunks(open.map(({ guid }) => guid).filter((guid) => arrived.has(guid)))) {
    await db.updateTable('missed_deliveries').set({ state: 'arrived' }).where('guid', 'in', chunk).execute();
  }
  await db
    .updateTable('missed_deliveries')
    .set({ state: 'arrived' })
    .where('state', '=', 'open')
    .where('guid', 'in', (eb) => eb.selectFrom('deliveries').select('deliveries.id'))
    .execute();
}

async function setLook(db: Db, change: Partial<DeliveryLooksTable>): Promise<void> {
  await db
    .insertInto('delivery_looks')
    .values({ id: THE_LOOK, newest: null, seen_at: 0, settled: 0, not_before: 0, ...change })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(change))
    .execute();
}
