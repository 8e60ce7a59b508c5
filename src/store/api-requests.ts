import type { Selectable } from 'kysely';
import type { ApiRequestReads, ApiRequestRow, ApiRequestWrites } from './contract/api-requests.ts';
import type { ApiRequestsTable, Db } from './schema.ts';

const requestRow = ({ key, digest, status, answer, opened_at }: Selectable<ApiRequestsTable>): ApiRequestRow => ({
  key,
  digest,
  answer: status === null || answer === null ? null : { status, body: answer },
  openedAt: opened_at,
});

export function apiRequestReads(db: Db): ApiRequestReads {
  return {
    async get(caller, key) {
      const row = await db
        .selectFrom('api_requests')
        .selectAll()
        .where('caller', '=', caller)
        .where('key', '=', key)
        .executeTakeFirst();
      return row && requestRow(row);
    },
  };
}

export function apiRequestWrites(db: Db): ApiRequestWrites {
  const reads = apiRequestReads(db);
  return {
    async open(caller, key, digest, now) {
      const known = await reads.get(caller, key);
      if (known !== undefined) return known;
      await db
        .insertInto('api_requests')
        .values({ caller, key, digest, status: null, answer: null, opened_at: now })
        .execute();
      return { key, digest, answer: null, openedAt: now };
    },
    async answer(caller, key, { status, body }) {
      await db
        .updateTable('api_requests')
        .set({ status, answer: body })
        .where('caller', '=', caller)
        .where('key', '=', key)
        .execute();
    },
    async release(caller, key) {
      await db
        .deleteFrom('api_requests')
        .where('caller', '=', caller)
        .where('key', '=', key)
        .where('status', 'is', null)
        .execute();
    },
    async forget(until) {
      await db.deleteFrom('api_requests').where('opened_at', '<=', until).execute();
    },
  };
}
