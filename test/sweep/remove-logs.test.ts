import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { LogFolders } from '../../src/ports/node-logs.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { createRemoveLogs } from '../../src/sweep/remove-logs.ts';
import { aFleet, completed, silentLog, startTask, temporaryFolder, trackingIssue } from '../store/fixtures.ts';

const GIB = 1024 ** 3;
const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;

/** Three tasks of which the first ended first and the last one runs, and folders of logs by task. */
async function given(sizes: Readonly<Record<string, number>>, retentionMs = 7 * DAY) {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  const ids = ['t-aaaaaaaaaaaa', 't-bbbbbbbbbbbb', 't-cccccccccccc'];
  const rows = ids.map((id, index) => ({ id, repositoryId: index + 1, repository: `acme/service-${index}` }));
  await store.write(async (tx) => {
    await tx.fleets.insert(aFleet('f-1'), rows, { type: 'fleet_planned', v: 1, by: 'mona', targets: 3, leftOut: 0 });
    await tx.fleets.setTrackingIssue('f-1', trackingIssue);
  });
  for (const [index, id] of ids.entries()) {
    const task = await startTask(store, id);
    if (index < 2) await store.write((tx) => tx.tasks.end(task, completed, (index + 1) * HOUR));
  }
  const left = new Map(Object.entries(sizes));
  const logs: LogFolders = {
    list: async () => [...left.keys()].map((taskId) => ({ taskId, path: taskId })),
    bytes: async (path) => left.get(path) ?? 0,
    remove: async (path) => void left.delete(path),
  };
  let now = 3 * HOUR;
  const clock = { now: () => now };
  const sweep = createRemoveLogs({ store, logs, clock, log: silentLog, limits: { retentionMs } });
  return {
    async sweepAt(time: number): Promise<string[]> {
      now = time;
      await sweep();
      return [...left.keys()];
    },
  };
}

it('logs go 30 days after their task has ended, and those of no task at once; what is not ours stays', async () => {
  const { sweepAt } = await given({
    't-aaaaaaaaaaaa': 1,
    't-bbbbbbbbbbbb': 1,
    't-cccccccccccc': 1,
    't-zzzzzzzzzzzz': 1,
    archive: 1,
  });
  const ours = ['t-aaaaaaaaaaaa', 't-bbbbbbbbbbbb', 't-cccccccccccc'];
  expect(await sweepAt(3 * HOUR)).toEqual([...ours, 'archive']);
  expect(await sweepAt(30 * DAY)).toEqual([...ours, 'archive']);
  expect(await sweepAt(30 * DAY + HOUR)).toEqual([...ours.slice(1), 'archive']);
  expect(await sweepAt(30 * DAY + HOUR + 1)).toEqual([...ours.slice(1), 'archive']);
  expect(await sweepAt(400 * DAY)).toEqual(['t-cccccccccccc', 'archive']);
});

it('logs stay as long as workspaces do', async () => {
  const { sweepAt } = await given({ 't-aaaaaaaaaaaa': 1 }, 60 * DAY);
  expect(await sweepAt(59 * DAY)).toHaveLength(1);
  expect(await sweepAt(61 * DAY)).toEqual([]);
});

it('logs of the tasks that ended first go as long as all take more than 5 GiB, never those of one that runs', async () => {
  const { sweepAt } = await given({ 't-aaaaaaaaaaaa': 3 * GIB, 't-bbbbbbbbbbbb': 3 * GIB, 't-cccccccccccc': 9 * GIB });
  expect(await sweepAt(3 * HOUR)).toEqual(['t-bbbbbbbbbbbb', 't-cccccccccccc']);
});
