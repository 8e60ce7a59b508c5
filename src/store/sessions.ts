import { type SelectQueryBuilder, sql } from 'kysely';
import type { Spent } from '../core/spent.ts';
import type { SessionReads, SessionsOf, SessionWrites } from './contract/sessions.ts';
import { readTokens, toMicroUsd, writtenTokens } from './rows.ts';
import type { Db, Schema } from './schema.ts';

const running = sql<boolean>`state = 'running'`;

export function sessionReads(db: Db): SessionReads {
  return {
    async counted(of, except = '') {
      const row = await sumsOf(db, of).where('id', '!=', except).executeTakeFirstOrThrow();
      return { spentUsd: row.spent / 1e6, toldUsd: row.told / 1e6, heldUsd: row.held / 1e6 };
    },
    async ofUser(userId, since) {
      const rows = await db
        .selectFrom('sessions')
        .select(['started_at', 'counted_micro_usd'])
        .where('user_id', '=', userId)
        .where('started_at', '>', since)
        .orderBy('started_at')
        .execute();
      return rows.map((row) => ({ startedAt: row.started_at, countedUsd: row.counted_micro_usd / 1e6 }));
    },
    async asked(taskId, attempt, nodeId) {
      const row = await db
        .selectFrom('sessions')
        .select('id')
        .where('task_id', '=', taskId)
        .where('attempt', '=', attempt)
        .where('node_id', '=', nodeId)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async earlierCosts(controlRepositoryId, workflow, since) {
      const { micro, tasks } = await db
        .selectFrom('fleets')
        .innerJoin('sessions', 'sessions.fleet_id', 'fleets.id')
        .select([
          sql<number | null>`sum(sessions.cost_micro_usd)`.as('micro'),
          sql<number>`count(distinct sessions.task_id)`.as('tasks'),
        ])
        .where('fleets.control_repository_id', '=', controlRepositoryId)
        .where('fleets.workflow', '=', workflow)
        .where('sessions.started_at', '>', since)
        .where('sessions.state', '=', 'settled')
        .where('sessions.cost_micro_usd', 'is not', null)
        .executeTakeFirstOrThrow();
      return micro === null ? null : { tasks, eachUsd: Math.round(micro / tasks) / 1e6 };
    },
    spentOfFleet: (fleetId, taskId) => spentOfFleet(db, fleetId, taskId),
  };
}

function sumsOf(db: Db, of: SessionsOf) {
  const sums = db
    .selectFrom('sessions')
    .select([
      sql<number>`coalesce(sum(case when ${running} then 0 else counted_micro_usd end), 0)`.as('spent'),
      sql<number>`coalesce(sum(case when ${running} then cost_micro_usd end), 0)`.as('told'),
      sql<number>`coalesce(sum(case when ${running} then counted_micro_usd end), 0)`.as('held'),
    ]);
  return ofScope(sums, of);
}

function ofScope<Row>(
  query: SelectQueryBuilder<Schema, 'sessions', Row>,
  of: SessionsOf,
): SelectQueryBuilder<Schema, 'sessions', Row> {
  switch (of.of) {
    case 'node':
      return query
        .where('task_id', '=', of.taskId)
        .where('attempt', '=', of.attempt)
        .where('place', '=', of.place)
        .where('started_at', '>=', of.since);
    case 'task':
      return query.where('task_id', '=', of.taskId);
    case 'fleet':
      return query.where('fleet_id', '=', of.fleetId);
    case 'user':
      return query.where('user_id', '=', of.userId).where('started_at', '>', of.since);
  }
}

async function spentOfFleet(db: Db, fleetId: string, taskId?: string): Promise<Map<string, Spent>> {
  const silent = sql<boolean>`(${running} and cost_micro_usd is null)`;
  const rows = await db
    .selectFrom('sessions')
    .select([
      'task_id',
      sql<number>`sum(case when ${silent} then 0 else 1 end)`.as('sessions'),
      sql<number>`coalesce(sum(cost_micro_usd), 0)`.as('known'),
      sql<number>`max(cost_computed)`.as('computed'),
      sql<number>`sum(case when state = 'lost' or (state = 'settled' and cost_micro_usd is null) then 1 else 0 end)`.as(
        'unknown',
      ),
      sql<number | null>`sum(tokens_input)`.as('tokens_input'),
      sql<number | null>`sum(tokens_output)`.as('tokens_output'),
      sql<number | null>`sum(tokens_cached)`.as('tokens_cached'),
      sql<number>`sum(case when not ${running} and tokens_input is null then 1 else 0 end)`.as('unknown_tokens'),
    ])
    .where('fleet_id', '=', fleetId)
    .$if(taskId !== undefined, (query) => query.where('task_id', '=', taskId ?? ''))
    .groupBy('task_id')
    .execute();
  return new Map(
    rows.map((row) => [
      row.task_id,
      {
        sessions: row.sessions,
        knownUsd: row.known / 1e6,
        computed: row.computed === 1,
        unknown: row.unknown,
        tokens: readTokens(row),
        unknownTokens: row.unknown_tokens,
      },
    ]),
  );
}

export function sessionWrites(db: Db): SessionWrites {
  const change = db.updateTable('sessions');
  return {
    async begin(session) {
      const worst = toMicroUsd(session.worstUsd) ?? 0;
      await db
        .insertInto('sessions')
        .values({
          id: session.id,
          fleet_id: session.fleetId,
          task_id: session.taskId,
          attempt: session.attempt,
          place: session.place,
          node_id: session.nodeId,
          user_id: session.userId,
          started_at: session.startedAt,
          state: 'running',
          cost_micro_usd: null,
          cost_computed: 0,
          counted_micro_usd: worst,
          ...writtenTokens(null),
        })
        .execute();
      await sumUp(db, session.taskId);
    },

    async tell(id, costUsd) {
      const micro = toMicroUsd(costUsd) ?? 0;
      const row = await change
        .set({ cost_micro_usd: micro, counted_micro_usd: micro })
        .where('id', '=', id)
        .where('state', '=', 'running')
        .returning('task_id')
        .executeTakeFirst();
      if (row !== undefined) await sumUp(db, row.task_id);
    },

    async settle(id, { costUsd, computed, countedUsd, tokens }) {
      const { task_id } = await change
        .set({
          state: 'settled',
          cost_micro_usd: toMicroUsd(costUsd),
          cost_computed: computed ? 1 : 0,
          counted_micro_usd: toMicroUsd(countedUsd) ?? 0,
          ...writtenTokens(tokens),
        })
        .where('id', '=', id)
        .returning('task_id')
        .executeTakeFirstOrThrow();
      await sumUp(db, task_id);
    },

    async discard(id) {
      const row = await db.deleteFrom('sessions').where('id', '=', id).returning('task_id').executeTakeFirst();
      if (row !== undefined) await sumUp(db, row.task_id);
    },

    loseNode: ({ taskId, attempt, nodeId }) =>
      loseSessions(db, sql<boolean>`task_id = ${taskId} and attempt = ${attempt} and node_id = ${nodeId}`),

    loseStopped: () => loseSessions(db, sql<boolean>`task_id not in (select id from tasks where status = 'running')`),
  };
}

/** At start, when no agent of an earlier process can be at work. */
export const orphanSessions = (db: Db): Promise<void> => loseSessions(db, sql<boolean>`true`);

/** They stay counted as they are: for what they have told, or for the worst case. */
async function loseSessions(db: Db, which: ReturnType<typeof sql<boolean>>): Promise<void> {
  await db.updateTable('sessions').set({ state: 'lost' }).where(running).where(which).execute();
}

/** What is unknown has no part in the known sum, which is null where nothing is known. */
async function sumUp(db: Db, taskId: string): Promise<void> {
  const row = await db
    .selectFrom('sessions')
    .select([
      sql<number | null>`sum(cost_micro_usd)`.as('known'),
      sql<number>`coalesce(sum(counted_micro_usd), 0)`.as('counted'),
    ])
    .where('task_id', '=', taskId)
    .executeTakeFirstOrThrow();
  await db
    .updateTable('tasks')
    .set({ cost_micro_usd: row.known, counted_micro_usd: row.counted })
    .where('id', '=', taskId)
    .execute();
}
