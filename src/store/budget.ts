import { sql } from 'kysely';
import { type Place, placesAfterClosing } from '../core/pacing.ts';
import type { BudgetReads, BudgetWrites } from './contract/budget.ts';
import { inChunks } from './rows.ts';
import type { Db } from './schema.ts';

/** Longer than any limit looks back. */
const RESERVATIONS_KEPT_MS = 24 * 60 * 60_000;

export function budgetReads(db: Db): BudgetReads {
  return {
    async sent(installationId, since) {
      const rows = await db
        .selectFrom('reservations')
        .select('at')
        .where('installation_id', '=', installationId)
        .where('at', '>=', since)
        .orderBy('at')
        .execute();
      return rows.map((row) => row.at);
    },
    async sentOfTasks(installationId, since) {
      const { count } = await db
        .selectFrom('reservations')
        .innerJoin('effects', 'effects.id', 'reservations.effect_id')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('reservations.installation_id', '=', installationId)
        .where('reservations.at', '>=', since)
        .where('effects.task_id', 'is not', null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async places(installationId) {
      const rows = await db
        .selectFrom('places')
        .innerJoin('effects', 'effects.id', 'places.effect_id')
        .select(['places.effect_id', 'places.at', 'effects.task_id'])
        .where('places.installation_id', '=', installationId)
        .orderBy('places.at')
        .execute();
      return rows.map((row) => ({ effectId: row.effect_id, at: row.at, ofTask: row.task_id !== null }));
    },
    async closedUntil(installationId) {
      const row = await db
        .selectFrom('closings')
        .select('until')
        .where('installation_id', '=', installationId)
        .executeTakeFirst();
      return row?.until ?? 0;
    },
    async nextOpening(now) {
      const row = await db
        .selectFrom('closings')
        .select((eb) => eb.fn.min('until').as('until'))
        .where('until', '>', now)
        .executeTakeFirst();
      return row?.until ?? undefined;
    },
  };
}

export function budgetWrites(db: Db): BudgetWrites {
  const reads = budgetReads(db);
  return {
    place: (installationId, places) => place(db, installationId, places),

    async spend(installationId, effectId, now) {
      await leavePlace(db, effectId);
      await db
        .deleteFrom('reservations')
        .where('installation_id', '=', installationId)
        .where('at', '<', now - RESERVATIONS_KEPT_MS)
        .execute();
      await db
        .insertInto('reservations')
        .values({ installation_id: installationId, effect_id: effectId, at: now })
        .execute();
    },

    async arrived(effect, sentAt, now) {
      if (now <= sentAt) return;
      await db
        .updateTable('reservations')
        .set({ at: now })
        .where('installation_id', '=', effect.installationId)
        .where('at', '=', sentAt)
        .where('effect_id', '=', effect.id)
        .execute();
    },

    /** A later answer never opens earlier than an earlier one said. */
    async close(installationId, until) {
      await db
        .insertInto('closings')
        .values({ installation_id: installationId, until })
        .onConflict((conflict) =>
          conflict.column('installation_id').doUpdateSet({ until }).where('closings.until', '<', until),
        )
        .execute();
      const last = await db
        .selectFrom('reservations')
        .select((eb) => eb.fn.max('at').as('at'))
        .where('installation_id', '=', installationId)
        .executeTakeFirst();
      const queue = await reads.places(installationId);
      await place(db, installationId, placesAfterClosing(queue, until, last?.at ?? 0));
    },
  };
}

async function place(db: Db, installationId: number, places: readonly Place[]): Promise<void> {
  for (const chunk of inChunks(places)) {
    await db
      .insertInto('places')
      .values(chunk.map(({ effectId, at }) => ({ effect_id: effectId, installation_id: installationId, at })))
      .onConflict((conflict) => conflict.column('effect_id').doUpdateSet((eb) => ({ at: eb.ref('excluded.at') })))
      .execute();
    const times = sql`(values ${sql.join(chunk.map(({ effectId, at }) => sql`(${effectId}, ${at})`))}) as times`;
    await sql`update effects set not_before = times.column2 from ${times} where effects.id = times.column1`.execute(db);
    await sql`
      update tasks set not_before = times.column2 from ${times}, effects
      where effects.id = times.column1 and tasks.id = effects.task_id
        and tasks.status = 'queued' and tasks.publishing_at is not null`.execute(db);
    await sql`
      update undos set not_before = times.column2 from ${times}, effects
      where effects.id = times.column1 and undos.task_id = effects.task_id and undos.state = 'requested'`.execute(db);
  }
}

/** Ids, for other queries. */
export function closedInstallations(db: Db, now: number) {
  return db.selectFrom('closings').select('closings.installation_id').where('until', '>', now);
}

/** A settled effect needs no place any more. */
export async function leavePlace(db: Db, effectId: string): Promise<void> {
  await db.deleteFrom('places').where('effect_id', '=', effectId).execute();
}

/** Nobody sends any more what a task had intended when it ended. */
export async function leavePlacesOfTask(db: Db, taskId: string): Promise<void> {
  await db
    .deleteFrom('places')
    .where('effect_id', 'in', (eb) => eb.selectFrom('effects').select('effects.id').where('task_id', '=', taskId))
    .execute();
}
