import { join } from 'node:path';
import Database from 'better-sqlite3';
import { Kysely } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import type { Tx } from '../../src/store/contract/store.ts';
import { sqliteDialect } from '../../src/store/dialect/sqlite.ts';
import type { Schema } from '../../src/store/schema.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { bindTx } from '../../src/store/tables.ts';
import { completed, insertReady, silentLog, temporaryFolder } from './fixtures.ts';

const FLEET = 'f-1';

/** A fleet of three on disk, and every statement of a connection that works on it. */
async function givenFleet(): Promise<{ tx: Tx; handle: Database.Database; statements: string[] }> {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'flotilla.db');
  const store = await openStore({ file, log: silentLog });
  await insertReady(store, FLEET, 3);
  const statements: string[] = [];
  const handle = new Database(file, { verbose: (text) => statements.push(String(text)) });
  onTestFinished(async () => {
    handle.close();
    await store.close();
    await folder.remove();
  });
  const tx = bindTx(new Kysely<Schema>({ dialect: sqliteDialect(handle, () => undefined) }));
  return { tx, handle, statements };
}

async function workOn(tx: Tx, id: string): Promise<void> {
  await tx.tasks.admissible(FLEET, 2_000, 8);
  const task = await tx.tasks.start(id, 2_000, 62_000);
  if (task === undefined) throw new Error(`${id} did not start.`);
  await tx.tasks.enterPublishing(task, 'a tree', 2_000);
  await tx.tasks.end(task, completed, 3_000);
}

test('a task starts and ends without a look at the plan of its fleet, besides the first one', async () => {
  const { tx, statements } = await givenFleet();
  await workOn(tx, `${FLEET}/0`);
  statements.length = 0;
  await workOn(tx, `${FLEET}/1`);
  expect(statements.length).toBeGreaterThan(8);
  const ofFleets = statements.filter((statement) => /^select .* from "fleets"/.test(statement));
  expect(ofFleets.length).toBeGreaterThan(0);
  expect(ofFleets.filter((statement) => /^select \*|"fleets"\.\*|"plan"/.test(statement))).toEqual([]);
});

test('whether another task has the branch is looked up among live tasks alone', async () => {
  const { tx, handle, statements } = await givenFleet();
  await workOn(tx, `${FLEET}/0`);
  const looks = statements.filter((statement) => statement.includes('"tasks" as "live"'));
  expect(looks).toHaveLength(2);
  for (const look of looks) {
    const plan = handle.prepare<[], { detail: string }>(`explain query plan ${look}`).all();
    const index = 'SEARCH live USING INDEX tasks_one_live_per_branch (repository_id=? AND branch=?)';
    expect(plan.map(({ detail }) => detail)).toContain(index);
  }
});

test('what waits in the queues and what ended last are read from indexes, however many tasks there are', async () => {
  const { tx, handle, statements } = await givenFleet();
  await workOn(tx, `${FLEET}/0`);
  statements.length = 0;
  await tx.tasks.inLine();
  await tx.tasks.lastEnded(50);
  expect(statements).toHaveLength(2);
  const plans = statements.map((statement) =>
    handle
      .prepare<[], { detail: string }>(`explain query plan ${statement}`)
      .all()
      .map(({ detail }) => detail),
  );
  expect(plans[0]).toContain('SEARCH tasks USING COVERING INDEX tasks_in_line (fleet_id=? AND wave<?)');
  expect(plans[1]?.[0]).toMatch(/^(SCAN|SEARCH) tasks USING INDEX tasks_worked/);
  expect(plans[1]?.join()).not.toContain('TEMP B-TREE');
});
