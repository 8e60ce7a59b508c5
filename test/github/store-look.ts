/** The app's database as it stands, read beside the process that writes it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { z } from 'zod';
import { openReads } from '../../src/store/sqlite/open.ts';

const effectRow = z.object({
  id: z.string(),
  key: z.string(),
  kind: z.string(),
  fleet_id: z.string().nullable(),
  state: z.string(),
  error: z.string().nullable(),
  request: z.string(),
});
export type EffectSeen = z.infer<typeof effectRow>;
const deliveryRow = z.object({ id: z.string(), comment_id: z.number().nullable(), answer: z.string().nullable() });
export type DeliverySeen = z.infer<typeof deliveryRow>;

const BUSY = `
  select (select count(*) from fleets where ended_at is null or reported_seq < event_seq)
       + (select count(*) from effects where state in ('intended', 'sent', 'unknown'))
       + (select count(*) from deliveries where finished_at is null)
       + (select count(*) from undos where state = 'requested')`;

const BUSY_WITHOUT_PLANNED = BUSY.replace('ended_at is null', '(ended_at is null and approved_at is not null)');

export type StoreLook = ReturnType<typeof openStoreLook>;

/** Opened anew for each look: a handle that is kept would keep the log of a killed process from being cleared. */
export function openStoreLook(folder: string) {
  const file = join(folder, 'data', 'flotilla.db');

  function rows<T>(row: z.ZodType<T>, query: string, ...values: (string | number)[]): T[] {
    if (!existsSync(file)) return [];
    const handle = new Database(file, { readonly: true, timeout: 10_000 });
    try {
      return z.array(row).parse(handle.prepare(query).all(...values));
    } finally {
      handle.close();
    }
  }
  const count = (query: string): number =>
    Object.values(rows(z.record(z.string(), z.number()), query)[0] ?? { none: 0 })[0] ?? 0;

  return {
    isStored: (commentId: number): boolean =>
      rows(z.object({}), 'select id from deliveries where comment_id = ?', commentId).length > 0,
    /** The fleet that this comment asked for. */
    fleetOf: (commentId: number): string | undefined =>
      rows(
        z.object({ id: z.string() }),
        'select fleets.id from fleets join deliveries on deliveries.id = fleets.delivery_id where comment_id = ?',
        commentId,
      )[0]?.id,
    /** Number of the fleet's tracking issue, while a gate holds it and its issue says so; null: not now. */
    heldIssue: (fleetId: string): number | null =>
      rows(
        z.object({ issue_number: z.number() }),
        'select issue_number from fleets where id = ? and gate is not null and reported_seq = event_seq',
        fleetId,
      )[0]?.issue_number ?? null,
    /** The same while none of its tasks can go on before a person decides. */
    askedIssue: (fleetId: string): number | null =>
      rows(
        z.object({ issue_number: z.number() }),
        `select issue_number from fleets where id = ? and reported_seq = event_seq
           and exists (select 1 from tasks where fleet_id = fleets.id and status = 'waiting')
           and not exists (select 1 from tasks where fleet_id = fleets.id and status in ('queued', 'running'))`,
        fleetId,
      )[0]?.issue_number ?? null,
    /** The same once the fleet has ended. */
    endedIssue: (fleetId: string): number | null =>
      rows(
        z.object({ issue_number: z.number() }),
        'select issue_number from fleets where id = ? and ended_at is not null and reported_seq = event_seq',
        fleetId,
      )[0]?.issue_number ?? null,
    /** How many of the fleet's tasks have ended. */
    endedTasks: (fleetId: string): number =>
      rows(z.object({ id: z.string() }), 'select id from tasks where fleet_id = ? and ended_at is not null', fleetId)
        .length,
    /** Nothing is left to do or to tell. */
    isQuiet: (): boolean => count(BUSY) === 0,
    /** The same, but a fleet that a person has not approved yet may stay. */
    isUpToPeople: (): boolean => count(BUSY_WITHOUT_PLANNED) === 0,
    /** When the newest event happened, or the last answer to a delivery was given, epoch milliseconds. */
    lastDoneAt: (): number =>
      count('select max(at) from (select at from events union all select finished_at from deliveries)'),
    effects: (): EffectSeen[] => rows(effectRow, 'select id, key, kind, fleet_id, state, error, request from effects'),
    deliveries: (): DeliverySeen[] => rows(deliveryRow, 'select id, comment_id, answer from deliveries'),
    /** Everything that left the app and arrived. */
    countEffects: (): number =>
      count(
        "select (select count(*) from effects where state = 'done') + (select count(*) from pushes where state = 'pushed')",
      ),
    reads: () => openReads({ file }),
  };
}
