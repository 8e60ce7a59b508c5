import type { Kysely } from 'kysely';
import type { ColumnTypes } from '../dialect/column-types.ts';
import { up as first } from './0001-first.ts';
import { up as waits } from './0002-waits.ts';
import { up as missedDeliveries } from './0003-missed-deliveries.ts';
import { up as undos } from './0004-undos.ts';
import { up as patches } from './0005-patches.ts';
import { up as edits } from './0006-edits.ts';
import { up as disk } from './0007-disk.ts';
import { up as publishing } from './0008-publishing.ts';
import { up as sweepIndexes } from './0009-sweep-indexes.ts';
import { up as sessions } from './0010-sessions.ts';
import { up as apiRequests } from './0011-api-requests.ts';
import { up as notifications } from './0012-notifications.ts';
import { up as queueIndexes } from './0013-queue-indexes.ts';
import { up as eventsStay } from './0014-events-stay.ts';

/** Forward only. One that was released is never changed. */
export interface Migration {
  number: number;
  up(db: Kysely<unknown>, columns: ColumnTypes): Promise<void>;
}

/** In order, numbered from 1 without a gap. */
export const MIGRATIONS: readonly Migration[] = [
  { number: 1, up: first },
  { number: 2, up: waits },
  { number: 3, up: missedDeliveries },
  { number: 4, up: undos },
  { number: 5, up: patches },
  { number: 6, up: edits },
  { number: 7, up: disk },
  { number: 8, up: publishing },
  { number: 9, up: sweepIndexes },
  { number: 10, up: sessions },
  { number: 11, up: apiRequests },
  { number: 12, up: notifications },
  { number: 13, up: queueIndexes },
  { number: 14, up: eventsStay },
];
