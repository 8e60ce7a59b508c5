import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { TaskFailure } from '../../src/core/failures.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { workTask } from '../../src/worker/work-task.ts';
import { insertReady, silentLog, startTask, temporaryFolder } from '../store/fixtures.ts';
import { givenRun } from './given-run.ts';

/** The status of a task that somebody outside finds too large. */
async function refused(publishes: boolean) {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await insertReady(store, 'f-1', 1);
  const task = await startTask(store, 'f-1/0');
  if (publishes) await store.write((tx) => tx.tasks.enterPublishing(task, 'tree', 2_100));
  const signal = AbortSignal.abort(new TaskFailure('too_large', 'Its workspace is too large.'));
  const { context, draining } = givenRun({}, signal, store);
  await workTask(context, task, signal, draining);
  return (await store.read.tasks.get('f-1/0'))?.status;
}

test('a task that is found to be too large fails, but not from its push on: it goes on with its pull request', async () => {
  expect(await refused(false)).toBe('failed');
  expect(await refused(true)).toBe('queued');
});
