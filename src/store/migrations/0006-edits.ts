import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  for (const column of ['edited_seq', 'edited_fence', 'put_back_seq']) {
    await db.schema
      .alterTable('fleets')
      .addColumn(column, integer, (c) => c.notNull().defaultTo(0))
      .execute();
  }
}
