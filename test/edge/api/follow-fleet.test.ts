import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { EventStreams } from '../../../src/edge/api/events/event-streams.ts';
import { followFleet } from '../../../src/edge/api/events/follow-fleet.ts';
import { openStore } from '../../../src/store/sqlite/open.ts';
import { insertFleet, silentLog, temporaryFolder } from '../../store/fixtures.ts';

async function opened() {
  const folder = await temporaryFolder();
  const store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  await insertFleet(store, 'f-1', 1);
  await insertFleet(store, 'f-2', 1);
  return store;
}

const following = { fleetId: 'f-1', after: 0, mayRead: async () => true, now: () => 0 };

test('a silent stream tells that it is still there, and a reader who does not read is read nothing for', async () => {
  const store = await opened();
  const reads: number[] = [];
  const read = {
    events: {
      ...store.read.events,
      ofFleet: (fleetId: string, after?: number, limit?: number) => {
        reads.push(after ?? 0);
        return store.read.events.ofFleet(fleetId, after, limit);
      },
    },
  };
  const { signal } = new AbortController();
  const stream = followFleet({ streams: new EventStreams(store), read }, { ...following, signal, heartbeatMs: 1 });
  expect((await stream.next()).value).toMatch(/^: /);
  expect(reads).toEqual([]);
  expect((await stream.next()).value).toContain('event: fleet_planned');
  for (let more = 0; more < 5; more += 1) {
    await store.write((tx) => tx.events.append('f-1', 1, { type: 'disk_full', v: 1 }));
  }
  expect(reads).toEqual([0]);
  for (let id = 2; id <= 6; id += 1) expect((await stream.next()).value).toContain(`id: ${id}\nevent: disk_full`);
  expect((await stream.next()).value).toBe(': still here\n\n');
  await stream.return(undefined);
});

test("a commit about another fleet wakes nobody, and one about the stream's own does at once", async () => {
  const store = await opened();
  let looks = 0;
  const newest: typeof store.read.events.newest = async (ids) => {
    looks += 1;
    return store.read.events.newest(ids);
  };
  const streams = new EventStreams({
    read: { ...store.read, events: { ...store.read.events, newest } },
    onCommit: (listener) => store.onCommit(listener),
  });
  const { signal } = new AbortController();
  let woken = false;
  const waiting = streams.wait('f-1', 1, { ms: 60_000, signal }).finally(() => {
    woken = true;
  });
  await store.write((tx) => tx.events.append('f-2', 1, { type: 'disk_full', v: 1 }));
  for (let turn = 0; turn < 10; turn += 1) await setImmediate();
  expect(woken).toBe(false);
  expect(looks).toBeGreaterThan(0);
  await store.write((tx) => tx.events.append('f-1', 1, { type: 'disk_full', v: 1 }));
  expect(await waiting).toBe('event');
  const left = new AbortController();
  const again = streams.wait('f-1', 2, { ms: 60_000, signal: left.signal });
  left.abort();
  expect(await again).toBe('aborted');
});

test('only so many streams of one caller and of all are open at once', async () => {
  const streams = new EventStreams(await opened());
  const left = new AbortController();
  for (let caller = 0; caller < 50; caller += 1) {
    for (let one = 0; one < 10; one += 1) streams.take(`person:${caller}`, left.signal);
  }
  expect(() => streams.take('person:1', left.signal)).toThrow('You follow 10 fleets already.');
  expect(() => streams.take('person:99', left.signal)).toThrow('500 streams are open.');
  left.abort();
  streams.take('person:99', new AbortController().signal);
});
