import type { ExpressionBuilder, Selectable } from 'kysely';
import type { FleetRequest } from '../core/request.ts';
import type { DeliveryReads, DeliveryRow, DeliveryWrites } from './contract/deliveries.ts';
import { FenceLost, type Lease } from './contract/lease.ts';
import { readRequest } from './documents.ts';
import { nextSeq } from './rows.ts';
import type { Db, DeliveriesTable, Schema } from './schema.ts';

function deliveryRow(row: Selectable<DeliveriesTable>): DeliveryRow {
  return {
    id: row.id,
    request: readRequest(row.request),
    state: row.state,
    receivedAt: row.received_at,
    finishedAt: row.finished_at,
    fence: row.fence,
    failures: row.failures,
    answer: row.answer,
  };
}

export function deliveryReads(db: Db): DeliveryReads {
  return {
    async get(id) {
      const row = await db.selectFrom('deliveries').selectAll().where('id', '=', id).executeTakeFirst();
      return row && deliveryRow(row);
    },
  };
}

export function deliveryWrites(db: Db): DeliveryWrites {
  return {
    async insert({ id, request, receivedAt }) {
      if (await isKnown(db, id, request)) return false;
      await db
        .insertInto('deliveries')
        .values({
          id,
          seq: await nextSeq(db, 'deliveries'),
          lane: laneOf(request),
          installation_id: request.installationId,
          comment_id: request.origin?.commentId ?? null,
          sender_id: request.sender.id,
          request: JSON.stringify(request),
          state: 'queued',
          received_at: receivedAt,
          finished_at: null,
          not_before: 0,
          failures: 0,
          fence: 0,
          lease_until: null,
          answer: null,
        })
        .execute();
      return true;
    },

    async unfinishedEditsOf(senderId, { repositoryId, issueNumber }) {
      const { count } = await db
        .selectFrom('deliveries')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('sender_id', '=', senderId)
        .where('state', '<>', 'done')
        .where('comment_id', 'is', null)
        .where('lane', '=', lane(repositoryId, issueNumber))
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async unfinishedCommentsOf(senderId) {
      const { count } = await db
        .selectFrom('deliveries')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('sender_id', '=', senderId)
        .where('state', '<>', 'done')
        .where('comment_id', 'is not', null)
        .executeTakeFirstOrThrow();
      return Number(count);
    },

    async claim(now, leaseUntil, limit) {
      const due = await db
        .selectFrom('deliveries')
        .select('id')
        .where((eb) =>
          eb.or([
            eb.and([eb('state', '=', 'queued'), eb('not_before', '<=', now)]),
            eb.and([eb('state', '=', 'running'), eb('lease_until', '<', now)]),
          ]),
        )
        .where((eb) => eb.not(eb.exists(earlierOfLane(eb))))
        .orderBy('received_at')
        .orderBy('seq')
        .limit(limit)
        .execute();
      if (due.length === 0) return [];
      const claimed = await db
        .updateTable('deliveries')
        .set((eb) => ({ state: 'running', fence: eb('fence', '+', 1), lease_until: leaseUntil }))
        .where(
          'id',
          'in',
          due.map((row) => row.id),
        )
        .returningAll()
        .execute();
      return claimed.sort((a, b) => a.received_at - b.received_at || a.seq - b.seq).map(deliveryRow);
    },

    async forgetFinished(until) {
      const { numDeletedRows } = await db
        .deleteFrom('deliveries')
        .where('state', '=', 'done')
        .where('received_at', '<=', until)
        .where('finished_at', '<=', until)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },

    async extend(lease, leaseUntil) {
      await underFence(db, lease, { lease_until: leaseUntil });
    },

    async finish(lease, answer, now) {
      await underFence(db, lease, { state: 'done', answer, finished_at: now, lease_until: null });
    },

    async release(lease, notBefore) {
      const row = await underFence(db, lease, { state: 'queued', lease_until: null, not_before: notBefore });
      await db
        .updateTable('deliveries')
        .set({ failures: row.failures + 1 })
        .where('id', '=', lease.id)
        .execute();
    },

    async postpone(lease, notBefore) {
      await underFence(db, lease, { state: 'queued', lease_until: null, not_before: notBefore });
    },
  };
}

/** Asked in the transaction of the insert, so that nobody comes between. */
async function isKnown(db: Db, id: string, { installationId, origin }: FleetRequest): Promise<boolean> {
  const known = await db
    .selectFrom('deliveries')
    .select('id')
    .where((eb) =>
      eb.or([
        eb('id', '=', id),
        ...(origin === null
          ? []
          : [eb.and([eb('installation_id', '=', installationId), eb('comment_id', '=', origin.commentId)])]),
      ]),
    )
    .executeTakeFirst();
  return known !== undefined;
}

/** A dispatch was said on no issue. */
function laneOf({ controlRepository, origin, edit }: FleetRequest): string | null {
  const at = origin ?? edit;
  return at === undefined ? null : lane(controlRepository.id, at.issueNumber);
}

const lane = (repositoryId: number, issueNumber: number): string => `${repositoryId}#${issueNumber}`;

/** Of a query on `deliveries`: what arrived earlier on the same issue and is not finished. */
function earlierOfLane(query: ExpressionBuilder<Schema, 'deliveries'>) {
  return query
    .selectFrom('deliveries as earlier')
    .select('earlier.id')
    .whereRef('earlier.lane', '=', 'deliveries.lane')
    .where('earlier.state', '<>', 'done')
    .where((eb) =>
      eb.or([
        eb('earlier.received_at', '<', eb.ref('deliveries.received_at')),
        eb.and([
          eb('earlier.received_at', '=', eb.ref('deliveries.received_at')),
          eb('earlier.seq', '<', eb.ref('deliveries.seq')),
        ]),
      ]),
    );
}

async function underFence(
  db: Db,
  lease: Lease,
  change: Partial<DeliveriesTable>,
): Promise<Selectable<DeliveriesTable>> {
  const row = await db
    .updateTable('deliveries')
    .set(change)
    .where('id', '=', lease.id)
    .where('fence', '=', lease.fence)
    .where('state', '=', 'running')
    .returningAll()
    .executeTakeFirst();
  if (row === undefined) throw new FenceLost(`Delivery ${lease.id} is no longer held under fence ${lease.fence}.`);
  return row;
}

export async function orphanDeliveries(db: Db): Promise<void> {
  await db
    .updateTable('deliveries')
    .set((eb) => ({ state: 'queued', fence: eb('fence', '+', 1), lease_until: null }))
    .where('state', '=', 'running')
    .execute();
}
