import { type SelectQueryBuilder, sql } from 'kysely';
import { countTasks, type TaskCounts } from '../core/rollup.ts';
import type { FleetFilter, FleetPageReads } from './contract/fleet-pages.ts';
import { readInputs } from './documents.ts';
import { PLAIN_COLUMNS, plainRow } from './fleet-rows.ts';
import type { Db, Schema } from './schema.ts';

type FleetQuery = SelectQueryBuilder<Schema, 'fleets', object>;

export function fleetPageReads(db: Db): FleetPageReads {
  return {
    async list(filter, before, limit) {
      const wanted = narrowed(db.selectFrom('fleets').select([]), filter);
      const rows = await (before === null ? wanted : wanted.where('seq', '<', before))
        .select(['seq', 'installation_id', 'control_repository_id', 'control_repository', 'workflow', 'door'])
        .select(['sender_id', 'sender_login'])
        .orderBy('seq', 'desc')
        .limit(limit)
        .execute();
      return rows.map((row) => ({
        seq: row.seq,
        installationId: row.installation_id,
        controlRepositoryId: row.control_repository_id,
        controlRepository: row.control_repository,
        workflow: row.workflow,
        door: row.door,
        sender: { id: row.sender_id, login: row.sender_login },
      }));
    },

    async lines(seqs) {
      if (seqs.length === 0) return [];
      const rows = await db
        .selectFrom('fleets')
        .select([...PLAIN_COLUMNS, 'inputs'])
        .where('seq', 'in', seqs)
        .execute();
      const ids = rows.map(({ id }) => id);
      const counts = await countsOf(db, ids);
      const pullRequests = await pullRequestsOf(db, ids);
      const bySeq = new Map(rows.map((row) => [row.seq, row]));
      return seqs.flatMap((seq) => {
        const row = bySeq.get(seq);
        if (row === undefined) return [];
        const counted = counts.get(row.id) ?? countTasks([]);
        const shown = { inputs: readInputs(row.inputs), counts: counted, pullRequests: pullRequests.get(row.id) ?? 0 };
        return [{ ...plainRow(row), seq, ...shown }];
      });
    },

    async idsOf(controlRepository) {
      const rows = await db
        .selectFrom('fleets')
        .select('control_repository_id')
        .distinct()
        .where(sql<string>`lower(control_repository)`, '=', controlRepository.toLowerCase())
        .execute();
      return rows.map((row) => row.control_repository_id);
    },
  };
}

function narrowed(query: FleetQuery, { controlRepositories, workflow, sender, ended }: FleetFilter): FleetQuery {
  let wanted = query;
  if (controlRepositories !== undefined) wanted = wanted.where('control_repository_id', 'in', controlRepositories);
  if (workflow !== undefined) wanted = wanted.where('workflow', '=', workflow);
  if (sender !== undefined) wanted = wanted.where(sql<string>`lower(sender_login)`, '=', sender.toLowerCase());
  if (ended !== undefined) wanted = wanted.where('ended_at', ended ? 'is not' : 'is', null);
  return wanted;
}

async function countsOf(db: Db, ids: readonly string[]): Promise<Map<string, TaskCounts>> {
  const rows = await db
    .selectFrom('tasks')
    .select((eb) => ['fleet_id', 'status', eb.fn.countAll<number>().as('count')])
    // All of them, so that the index by status answers without a row.
    .where('status', 'in', ['queued', 'running', 'waiting', 'completed', 'failed', 'cancelled', 'timed_out'])
    .where('fleet_id', 'in', ids)
    .groupBy(['status', 'fleet_id'])
    .execute();
  const counts = new Map(ids.map((id) => [id, countTasks([])]));
  for (const { fleet_id, status, count } of rows) {
    const of = counts.get(fleet_id);
    if (of !== undefined) of[status] = count;
  }
  return counts;
}

async function pullRequestsOf(db: Db, ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('tasks')
    .select((eb) => ['fleet_id', eb.fn.countAll<number>().as('count')])
    .where('pull_request_number', 'is not', null)
    .where('fleet_id', 'in', ids)
    .groupBy('fleet_id')
    .execute();
  return new Map(rows.map(({ fleet_id, count }) => [fleet_id, count]));
}
