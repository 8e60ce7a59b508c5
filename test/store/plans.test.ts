import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { openStore } from '../../src/store/sqlite/open.ts';
import { aPlan, insertReady, silentLog, temporaryFolder } from './fixtures.ts';

it('reads a plan once, and the other columns of its fleet as they are now', async () => {
  const folder = await temporaryFolder();
  const file = join(folder.path, 'flotilla.db');
  const store = await openStore({ file, log: silentLog });
  await insertReady(store, 'f-aaaaaaaa', 2);
  expect((await store.read.fleets.get('f-aaaaaaaa'))?.plan).toEqual(aPlan());
  const beside = new Database(file);
  beside.prepare("update fleets set plan = '{}', gate = 'halted'").run();
  beside.close();
  const [fleet] = await store.read.fleets.unended();
  expect(fleet).toMatchObject({ gate: 'halted', plan: aPlan() });
  await store.close();
  await folder.remove();
});

it('takes no plan of another database for that of the same id', async () => {
  const folder = await temporaryFolder();
  for (const branch of ['fleet/one', 'fleet/two']) {
    const store = await openStore({ file: join(folder.path, `${branch.slice(6)}.db`), log: silentLog });
    await insertReady(store, 'f-aaaaaaaa', 1, { plan: aPlan({ branch }) });
    expect((await store.read.fleets.get('f-aaaaaaaa'))?.plan.branch).toBe(branch);
    await store.close();
  }
  await folder.remove();
});
