import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

/** One row while the disk is full, else none. */
export async function up(db: Kysely<unknown>, { integer }: ColumnTypes): Promise<void> {
  await db.schema
    .createTable('disk')
    .addColumn('full_since', integer, (c) => c.notNull())
    .execute();
}
