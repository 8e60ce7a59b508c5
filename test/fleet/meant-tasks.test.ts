import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { queuedBefore } from '../../src/fleet/meant-tasks.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { failed, hubot, insertReady, mona, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';

const FLEET = 'f-aaaaaaaa';
const RECEIVED = 10_000;

test('a command finds what it queued itself, and not what somebody else queued before its turn came', async () => {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await insertReady(store, FLEET, 2);
  for (const place of [0, 1]) {
    const task = await startTask(store, `${FLEET}/${place}`);
    await store.write((tx) => tx.tasks.end(task, failed, 5_000));
  }
  const found = async (login: string) => {
    const fleet = await store.read.fleets.get(FLEET);
    if (fleet === undefined) throw new Error('there is no fleet');
    const tasks = await store.read.tasks.ofFleet(FLEET);
    const before = await queuedBefore(store.read, fleet, tasks, { type: 'task_retried', login, receivedAt: RECEIVED });
    return before.map(({ id }) => id);
  };
  await store.write((tx) => tx.fleets.retry(FLEET, [`${FLEET}/0`], hubot, RECEIVED + 1));
  expect([await found('mona'), await found('hubot')]).toEqual([[], [`${FLEET}/0`]]);
  await store.write((tx) => tx.fleets.retry(FLEET, [`${FLEET}/1`], mona, RECEIVED + 2));
  expect([await found('mona'), await found('hubot')]).toEqual([[`${FLEET}/1`], [`${FLEET}/0`]]);
});
