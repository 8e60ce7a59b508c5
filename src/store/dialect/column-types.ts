import type { ColumnDataType } from 'kysely';

/** What a migration may use: `integer` holds epoch milliseconds and GitHub's ids (64 bits on every database). */
export interface ColumnTypes {
  integer: ColumnDataType;
  text: ColumnDataType;
  /** Statements after which the database itself refuses to change or delete rows of that table. */
  appendOnly(table: string): readonly string[];
}
