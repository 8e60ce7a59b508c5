import { type Selectable, sql } from 'kysely';
import { RECORDED_EFFECTS } from '../core/events.ts';
import { closedInstallations, leavePlace } from './budget.ts';
import type { EffectReads, EffectRow, EffectState, EffectWrites } from './contract/effects.ts';
import { FenceLost, type Lease } from './contract/lease.ts';
import { readEffectRequest, readEffectResult } from './documents.ts';
import { appendEvents } from './events.ts';
import { nextSeq } from './rows.ts';
import type { Db, EffectsTable } from './schema.ts';

const CREATIONS = ['issue', 'comment', 'pull_request'];
const UNSETTLED: EffectState[] = ['intended', 'sent', 'unknown'];
/** In the words of the index `effects_unsettled`, which SQLite uses for nothing else, not for values: the table grows for ever. */
const isUnsettled = sql<boolean>`state in ('intended', 'sent', 'unknown')`;

function effectRow(row: Selectable<EffectsTable>): EffectRow {
  return {
    id: row.id,
    key: row.key,
    installationId: row.installation_id,
    fleetId: row.fleet_id,
    taskId: row.task_id,
    request: readEffectRequest(row.request),
    state: row.state,
    result: row.result === null ? null : readEffectResult(row.result),
    error: row.error,
    intendedAt: row.intended_at,
    sentAt: row.sent_at,
    unanswered: row.unanswered,
    unansweredSince: row.unanswered_since,
    looks: row.looks,
    notBefore: row.not_before,
    fence: row.fence,
  };
}

/** A `sent` row that nobody holds is one whose worker was lost: its outcome is unknown. */
function free(db: Db, now: number) {
  return db
    .selectFrom('effects')
    .selectAll()
    .where(isUnsettled)
    .where('not_before', '<=', now)
    .where((eb) => eb.or([eb('lease_until', 'is', null), eb('lease_until', '<', now)]));
}

export function effectReads(db: Db): EffectReads {
  const all = db.selectFrom('effects').selectAll();
  return {
    async get(id) {
      const row = await all.where('id', '=', id).executeTakeFirst();
      return row && effectRow(row);
    },
    async byKey(key) {
      const row = await all.where('key', '=', key).executeTakeFirst();
      return row && effectRow(row);
    },
    async ofTask(taskId) {
      return (await all.where('task_id', '=', taskId).orderBy('seq').execute()).map(effectRow);
    },
    async due(now, limit) {
      // A task's effects are its worker's: a pull request must not be sent before the push that it shows.
      const rows = await free(db, now)
        .where((eb) => eb(eb.fn.coalesce('task_id', sql.lit('')), '=', ''))
        .where('installation_id', 'not in', closedInstallations(db, now))
        .orderBy('seq')
        .limit(limit)
        .execute();
      return rows.map(effectRow);
    },
    async issueTextsOfFleet(fleetId, limit) {
      const rows = await all
        .where('fleet_id', '=', fleetId)
        .where('kind', 'in', ['issue', 'issue_edit'])
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map(effectRow);
    },
    async sentAgainOfFleet(fleetId) {
      const rows = await all
        .where('fleet_id', '=', fleetId)
        .where('kind', 'in', ['issue', 'comment'])
        .where('state', 'in', ['done', 'refused'])
        .where('unanswered', '>', 0)
        .whereRef('sent_at', '<>', 'unanswered_since')
        .orderBy('seq')
        .execute();
      return rows.map(effectRow);
    },
    async unsettledOfFleet(fleetId) {
      const rows = await all
        .where('fleet_id', '=', fleetId)
        .where(isUnsettled)
        .where('kind', 'in', CREATIONS)
        .orderBy('seq')
        .execute();
      return rows.map(effectRow);
    },
  };
}

export function effectWrites(db: Db): EffectWrites {
  return {
    async intend(effect) {
      const known = await db.selectFrom('effects').selectAll().where('key', '=', effect.key).executeTakeFirst();
      if (known !== undefined) return effectRow(known);
      const row = await db
        .insertInto('effects')
        .values({
          id: effect.id,
          seq: await nextSeq(db, 'effects'),
          key: effect.key,
          kind: effect.request.kind,
          installation_id: effect.installationId,
          fleet_id: effect.fleetId,
          task_id: effect.taskId,
          request: JSON.stringify(effect.request),
          state: 'intended',
          result: null,
          error: null,
          intended_at: effect.intendedAt,
          sent_at: null,
          unanswered: 0,
          unanswered_since: null,
          looks: 0,
          not_before: 0,
          fence: 0,
          lease_until: null,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return effectRow(row);
    },

    async claim(id, now, leaseUntil) {
      const row = await free(db, now).where('id', '=', id).executeTakeFirst();
      if (row === undefined) return undefined;
      const claimed = await db
        .updateTable('effects')
        .set({
          fence: row.fence + 1,
          lease_until: leaseUntil,
        })
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return effectRow(claimed);
    },

    async sent(lease, now) {
      await settle(db, lease, ['intended', 'unknown'], { state: 'sent', sent_at: now, looks: 0 });
    },
    async done(lease, result, now) {
      const row = await settle(db, lease, UNSETTLED, {
        state: 'done',
        result: JSON.stringify(result),
        error: null,
        lease_until: null,
      });
      await leavePlace(db, lease.id);
      await recordEffect(db, row, now, { type: 'effect_done', number: result.number });
    },
    async refused(lease, error, now) {
      const row = await settle(db, lease, UNSETTLED, { state: 'refused', error, lease_until: null });
      await leavePlace(db, lease.id);
      await recordEffect(db, row, now, { type: 'effect_refused', error });
    },
    async unknown(lease, error, notBefore) {
      const change = { state: 'unknown', error, not_before: notBefore, lease_until: null } as const;
      const row = await settle(db, lease, ['sent', 'unknown'], change);
      if (row.state !== 'sent') return;
      const counted = { unanswered: row.unanswered + 1, unanswered_since: row.unanswered_since ?? row.sent_at };
      await db.updateTable('effects').set(counted).where('id', '=', lease.id).execute();
    },
    async looked(lease, notBefore) {
      const row = await settle(db, lease, ['unknown'], { not_before: notBefore, lease_until: null });
      await db
        .updateTable('effects')
        .set({ looks: row.looks + 1 })
        .where('id', '=', lease.id)
        .execute();
    },
    async postpone(lease, error, notBefore) {
      await settle(db, lease, UNSETTLED, { state: 'intended', error, not_before: notBefore, lease_until: null });
    },

    async orphanAll(now, notBefore) {
      const lost = await db
        .updateTable('effects')
        .set((eb) => ({
          state: 'unknown',
          unanswered: eb('unanswered', '+', 1),
          unanswered_since: eb.fn.coalesce('unanswered_since', 'sent_at'),
          error: `The process ended after sending it; found at ${new Date(now).toISOString()}.`,
          not_before: notBefore,
        }))
        .where('state', '=', 'sent')
        .executeTakeFirst();
      await db
        .updateTable('effects')
        .set((eb) => ({ fence: eb('fence', '+', 1), lease_until: null }))
        .where('lease_until', 'is not', null)
        .execute();
      return Number(lost.numUpdatedRows);
    },
  };
}

async function recordEffect(
  db: Db,
  { fleet_id: fleetId, task_id: taskId, kind }: Selectable<EffectsTable>,
  at: number,
  how: { type: 'effect_done'; number: number | null } | { type: 'effect_refused'; error: string },
): Promise<void> {
  const effect = RECORDED_EFFECTS.find((recorded) => recorded === kind);
  if (fleetId === null || effect === undefined) return;
  await appendEvents(db, fleetId, at, [{ v: 1, taskId, effect, ...how }]);
}

/** Moves a held row on. Throws FenceLost when it is not held, and when the state is none of `from`: a bug of the caller. */
async function settle(
  db: Db,
  lease: Lease,
  from: readonly EffectState[],
  change: Partial<EffectsTable>,
): Promise<Selectable<EffectsTable>> {
  const row = await db
    .selectFrom('effects')
    .selectAll()
    .where('id', '=', lease.id)
    .where('fence', '=', lease.fence)
    .where('lease_until', 'is not', null)
    .executeTakeFirst();
  if (row === undefined) throw new FenceLost(`Effect ${lease.id} is no longer held under fence ${lease.fence}.`);
  if (!from.includes(row.state)) {
    throw new Error(`Effect ${lease.id} cannot go from ${row.state} to ${change.state ?? row.state}.`);
  }
  await db.updateTable('effects').set(change).where('id', '=', lease.id).execute();
  return row;
}
