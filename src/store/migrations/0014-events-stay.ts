import { type Kysely, sql } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';

/** What happened is neither changed nor forgotten, not by a program that was written wrongly nor by a hand at the database. */
export async function up(db: Kysely<unknown>, { appendOnly }: ColumnTypes): Promise<void> {
  for (const statement of appendOnly('events')) await sql.raw(statement).execute(db);
}
