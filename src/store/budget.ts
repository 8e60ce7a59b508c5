import type { BudgetReads, BudgetWrites } from './contract/budget.ts';
import type { Db } from './schema.ts';

/** Longer than any limit looks back. */
const RESERVATIONS_KEPT_MS = 24 * 60 * 60_000;

export function budgetReads(db: Db): BudgetReads {
  return {
    async since(installationId, since) {
      const rows = await db
        .selectFrom('reservations')
        .select('at')
        .where('installation_id', '=', installationId)
        .where('at', '>=', since)
        .orderBy('at')
        .execute();
      return rows.map((row) => row.at);
    },
    async closedUntil(installationId) {
      const row = await db
        .selectFrom('closings')
        .select('until')
        .where('installation_id', '=', installationId)
        .executeTakeFirst();
      return row?.until ?? 0;
    },
  };
}

export function budgetWrites(db: Db): BudgetWrites {
  return {
    async reserve(installationId, effectId, at) {
      await db
        .deleteFrom('reservations')
        .where('installation_id', '=', installationId)
        .where('at', '<', at - RESERVATIONS_KEPT_MS)
        .execute();
      await db
        .insertInto('reservations')
        .values({ installation_id: installationId, effect_id: effectId, at })
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
    },
  };
}
