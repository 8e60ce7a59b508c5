import type { Insertable, Selectable } from 'kysely';
import type { Person } from '../core/plan.ts';
import { countTasks, gatesOf, rollup } from '../core/rollup.ts';
import type { FleetStatus } from '../core/status.ts';
import type { FleetRow, NewFleet } from './contract/fleets.ts';
import { readPages } from './documents.ts';
import { planOf } from './plans.ts';
import type { Db, FleetsTable } from './schema.ts';

function person(id: number | null, login: string | null): Person | null {
  return id === null || login === null ? null : { id, login };
}

/** Of a row without what is large. */
export const PLAIN_COLUMNS = [
  'id',
  'seq',
  'installation_id',
  'control_repository_id',
  'control_repository',
  'fleet_key',
  'workflow',
  'branch',
  'sender_id',
  'sender_login',
  'run_as_id',
  'run_as_login',
  'door',
  'origin_issue',
  'origin_comment',
  'delivery_id',
  'idempotency_key',
  'created_at',
  'expires_at',
  'approved_at',
  'approved_by_id',
  'approved_by_login',
  'cancel_requested_at',
  'ended_at',
  'wave',
  'gate',
  'gate_since',
  'paused_at',
  'paused_by_login',
  'turned_at',
  'superseded_by',
  'issue_id',
  'issue_number',
  'issue_url',
  'event_seq',
  'reported_seq',
  'reported_at',
  'edited_seq',
  'put_back_seq',
] as const;

/** Everything but what is as large as the plan. */
export const LEAN_COLUMNS = [
  ...PLAIN_COLUMNS,
  'reported_pages',
  'report_fence',
  'edited_fence',
  'halts_since',
] as const;
export type LeanRow = Pick<Selectable<FleetsTable>, (typeof LEAN_COLUMNS)[number]>;

export async function fleetRow(db: Db, row: LeanRow): Promise<FleetRow> {
  return { ...plainRow(row), plan: await planOf(db, row.id), reportedPages: readPages(row.reported_pages) };
}

/** In their order. */
export async function fleetRows(db: Db, rows: readonly LeanRow[]): Promise<FleetRow[]> {
  const read: FleetRow[] = [];
  for (const row of rows) read.push(await fleetRow(db, row));
  return read;
}

export function plainRow(
  row: Pick<Selectable<FleetsTable>, (typeof PLAIN_COLUMNS)[number]>,
): Omit<FleetRow, 'plan' | 'reportedPages'> {
  const { issue_id, issue_number, issue_url, origin_issue, origin_comment } = row;
  return {
    id: row.id,
    installationId: row.installation_id,
    controlRepositoryId: row.control_repository_id,
    controlRepository: row.control_repository,
    fleetKey: row.fleet_key,
    workflow: row.workflow,
    branch: row.branch,
    sender: { id: row.sender_id, login: row.sender_login },
    runAs: { id: row.run_as_id, login: row.run_as_login },
    door: row.door,
    origin:
      origin_issue === null || origin_comment === null
        ? null
        : { issueNumber: origin_issue, commentId: origin_comment },
    deliveryId: row.delivery_id,
    idempotencyKey: row.idempotency_key,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    approvedAt: row.approved_at,
    approvedBy: person(row.approved_by_id, row.approved_by_login),
    cancelRequestedAt: row.cancel_requested_at,
    endedAt: row.ended_at,
    wave: row.wave,
    gate: row.gate,
    gateSince: row.gate_since,
    pausedAt: row.paused_at,
    pausedBy: row.paused_by_login,
    turnedAt: row.turned_at,
    supersededBy: row.superseded_by,
    trackingIssue:
      issue_id === null || issue_number === null || issue_url === null
        ? null
        : { id: issue_id, number: issue_number, url: issue_url },
    eventSeq: row.event_seq,
    reportedSeq: row.reported_seq,
    reportedAt: row.reported_at,
    editedSeq: row.edited_seq,
    putBackSeq: row.put_back_seq,
  };
}

export function newFleetRow(fleet: NewFleet, seq: number): Insertable<FleetsTable> {
  return {
    id: fleet.id,
    seq,
    installation_id: fleet.installationId,
    control_repository_id: fleet.controlRepositoryId,
    control_repository: fleet.controlRepository,
    fleet_key: fleet.fleetKey,
    workflow: fleet.workflow,
    branch: fleet.branch,
    plan: JSON.stringify(fleet.plan),
    inputs: JSON.stringify(fleet.plan.inputs),
    parallel: fleet.plan.parallel,
    sender_id: fleet.sender.id,
    sender_login: fleet.sender.login,
    run_as_id: fleet.runAs.id,
    run_as_login: fleet.runAs.login,
    door: fleet.door,
    origin_issue: fleet.origin?.issueNumber ?? null,
    origin_comment: fleet.origin?.commentId ?? null,
    delivery_id: fleet.deliveryId,
    idempotency_key: fleet.idempotencyKey,
    created_at: fleet.createdAt,
    expires_at: fleet.expiresAt,
    approved_at: fleet.expiresAt === null ? fleet.createdAt : null,
    approved_by_id: null,
    approved_by_login: null,
    cancel_requested_at: null,
    ended_at: null,
    superseded_by: null,
    issue_id: null,
    issue_number: null,
    issue_url: null,
    event_seq: 0,
    reported_seq: 0,
    reported_at: null,
    reported_pages: '[]',
    report_fence: 0,
    report_lease_until: null,
    report_not_before: 0,
    gate: null,
    gate_since: null,
    paused_at: null,
    paused_by_login: null,
    turned_at: null,
    wave: 0,
    halts_since: 0,
    edited_seq: 0,
    edited_fence: 0,
    put_back_seq: 0,
  };
}

/** The row as it is in this transaction; throws when there is none. */
export async function theFleet(db: Db, id: string): Promise<LeanRow> {
  const row = await db.selectFrom('fleets').select(LEAN_COLUMNS).where('id', '=', id).executeTakeFirst();
  if (row === undefined) throw new Error(`There is no fleet ${id}.`);
  return row;
}

/** The rollup of the rows in this transaction, and how many tasks have not ended. */
export async function statusNow(
  db: Db,
  fleet: Pick<Selectable<FleetsTable>, 'id' | 'approved_at' | 'cancel_requested_at' | 'gate' | 'paused_at'>,
): Promise<{ status: FleetStatus; unended: number }> {
  const tasks = await db.selectFrom('tasks').select('status').where('fleet_id', '=', fleet.id).execute();
  const counts = countTasks(tasks.map((task) => task.status));
  const gates = gatesOf({
    approvedAt: fleet.approved_at,
    cancelRequestedAt: fleet.cancel_requested_at,
    gate: fleet.gate,
    pausedAt: fleet.paused_at,
  });
  return { status: rollup(gates, counts), unended: counts.queued + counts.running + counts.waiting };
}
