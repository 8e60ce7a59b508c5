import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';
import { up as first } from './0001-first.ts';
import { up as waits } from './0002-waits.ts';
import { up as undos } from './0004-undos.ts';

/** Forward only. One that was released is never changed. */
export interface Migration {
  number: number;
  up(db: Kysely<unknown>, columns: ColumnTypes): Promise<void>;
}

/** In order, numbered from 1 without a gap. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, up: first },
  { number: 2, up: waits },
  { number: 3, up: undos },
];
