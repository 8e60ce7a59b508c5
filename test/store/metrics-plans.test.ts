import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { expect, it, onTestFinished } from 'vitest';
import { sqliteDialect } from '../../src/store/dialect/sqlite.ts';
import { metricReads } from '../../src/store/metrics.ts';
import type { Schema } from '../../src/store/schema.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { silentLog, temporaryFolder } from './fixtures.ts';

it('reads of metrics go through indexes of what is not over, so that what is over makes none of them slower', async () => {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'flotilla.db');
  const store = await openStore({ file, log: silentLog });
  const statements = new Set<string>();
  const handle = new Database(file, { readonly: true, verbose: (text) => statements.add(String(text)) });
  onTestFinished(async () => {
    handle.close();
    await store.close();
    await folder.remove();
  });
  const reads = metricReads(new Kysely<Schema>({ dialect: sqliteDialect(handle, () => undefined) }));
  await reads.live();
  await reads.queues();
  await reads.recorded(5, ['task_started'], 10);
  await reads.logEnd();
  await reads.taskTimes(['f-1/0']);
  await reads.fleetTimes(['f-1']);
  const plans = [...statements].flatMap((statement) =>
    handle
      .prepare<[], { detail: string }>(`explain query plan ${statement}`)
      .all()
      .map(({ detail }) => detail),
  );
  const scans = plans.filter((detail) => detail.startsWith('SCAN ')).toSorted();
  expect(plans.length).toBeGreaterThan(10);
  // Of partial indexes, which hold what has not ended, is behind or unsettled; `disk` has one row at most.
  expect([...new Set(scans)]).toEqual([
    'SCAN disk',
    'SCAN effects USING INDEX effects_unsettled',
    'SCAN fleets USING INDEX fleets_one_unended_per_key',
    'SCAN fleets USING INDEX fleets_report_behind',
  ]);
});
