import { join } from 'node:path';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createEffects } from '../../src/effects/effects.ts';
import { createReporter, type Reporter } from '../../src/report/create-reporter.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { FakeGitHub, limit, noAnswer } from '../effects/fake-github.ts';
import { hubot, insertFleet, silentLog, temporaryFolder } from '../store/fixtures.ts';

/** What somebody else wrote into a tracking issue, and when it is put back. */

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const FLEET = 'f-aaaaaaaa';

let now: number;
let store: Store;
let github: FakeGitHub;
let reporter: Reporter;
let ours: string;

beforeEach(async () => {
  now = 10_000_000;
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  github = new FakeGitHub(() => now);
  const clock = { now: () => now };
  const budget = { perMinute: 80, perHour: 500 };
  let ids = 0;
  const newId = () => {
    ids += 1;
    return `e-${ids}`;
  };
  const waits = { unknownMs: 30 * SECOND, betweenLooksMs: 20 * SECOND };
  const parts = { store, github: github.port, clock, log: silentLog, budget };
  const effects = createEffects({ ...parts, newId, waits, requestTimeoutMs: 15 * SECOND });
  reporter = createReporter({ ...parts, effects, caps: { system: 8, perUser: 5 }, newNotificationId: () => 'n-1' });
  await insertFleet(store, FLEET, 1);
  await reporter.report(FLEET);
  ours = github.issue(1).body;
  // Long enough that nothing is due by itself.
  now += 20 * MINUTE;
});

/** Somebody writes, and its webhook is worked on. */
async function foreign(body: string): Promise<void> {
  github.issue(1).body = body;
  await store.write((tx) => tx.fleets.noteEdit(FLEET, hubot, now));
}

/** As the engine does, until all is told. */
async function tellAll(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    const [fleet] = await store.read.fleets.reportsBehind(Number.MAX_SAFE_INTEGER);
    if (fleet === undefined) return;
    now = Math.max(now, await reporter.due(fleet, now));
    await reporter.report(FLEET);
    now += SECOND;
  }
  throw new Error('the reports never came to an end');
}

/** Just before the report under way is recorded, once. */
function beforeItIsRecorded(happens: () => void): void {
  const write = store.write.bind(store);
  let pending = true;
  store.write = (work) =>
    write((tx) =>
      work({
        ...tx,
        fleets: {
          ...tx.fleets,
          reported: async (...given) => {
            if (pending) {
              pending = false;
              happens();
              await tx.fleets.noteEdit(FLEET, hubot, now);
            }
            return tx.fleets.reported(...given);
          },
        },
      }),
    );
}

const edits = () => github.count('updateIssue');
const noted = async () =>
  (await store.read.events.ofFleet(FLEET)).filter(({ event }) => event.type === 'issue_edited').length;

test('it is put back at once by one edit, and then nothing is due', async () => {
  await foreign('mine');
  const [fleet] = await store.read.fleets.reportsBehind(now);
  if (fleet === undefined) throw new Error('no report is due');
  expect(await reporter.due(fleet, now)).toBeLessThanOrEqual(now);
  await tellAll();
  expect([github.issue(1).body, edits()]).toEqual([ours, 1]);
});

test('many edits before the report are one event and one edit of ours', async () => {
  for (let round = 0; round < 50; round += 1) await foreign(`mine ${round}`);
  expect(await noted()).toBe(1);
  await tellAll();
  expect([github.issue(1).body, edits()]).toEqual([ours, 1]);
});

test('a bot that edits again each time costs three edits an hour, also of a fleet that has ended', async () => {
  await store.write(async (tx) => {
    await tx.fleets.requestCancel(FLEET, now, hubot);
    await tx.tasks.cancelFleet(FLEET, 'hubot cancelled the fleet.', now);
    await tx.fleets.end(FLEET, now);
  });
  await tellAll();
  github.issue(1).body = '';
  const before = edits();
  const until = now + 60 * MINUTE;
  for (let round = 0; round < 3; round += 1) {
    await foreign(`mine ${round}`);
    await tellAll();
  }
  await foreign('mine once more');
  const [fleet] = await store.read.fleets.reportsBehind(Number.MAX_SAFE_INTEGER);
  if (fleet === undefined) throw new Error('no report is behind');
  expect(await reporter.due(fleet, now)).toBeGreaterThanOrEqual(until);
  const said = { type: 'effect_done', v: 1, taskId: null, effect: 'comment', number: 1 } as const;
  await store.write((tx) => tx.events.append(FLEET, now, said));
  const answered = await store.read.fleets.get(FLEET);
  if (answered === undefined) throw new Error('the fleet vanished');
  expect(await reporter.due(answered, now), 'with our reply to the edit').toBeGreaterThanOrEqual(until);
  await store.write((tx) => tx.events.append(FLEET, now, { type: 'disk_full', v: 1 }));
  const news = await store.read.fleets.get(FLEET);
  if (news === undefined) throw new Error('the fleet vanished');
  expect(await reporter.due(news, now), 'with the news').toBeLessThan(now + 10 * MINUTE);
  expect(edits() - before).toBe(3);
});

test('one that came while the report was being written is put back by the next one', async () => {
  await foreign('mine');
  beforeItIsRecorded(() => {
    github.issue(1).body = 'mine again';
  });
  await tellAll();
  expect([github.issue(1).body, edits(), await noted()]).toEqual([ours, 2, 2]);
});

test('one that came while an ordinary report was being written is put back too', async () => {
  await store.write((tx) => tx.events.append(FLEET, now, { type: 'task_publishing', v: 1, taskId: `${FLEET}/0` }));
  beforeItIsRecorded(() => {
    github.issue(1).body = 'mine';
  });
  await tellAll();
  expect([github.issue(1).body, edits()]).toEqual([ours, 1]);
});

test('one that came while the edit that puts it back waits for a limit is put back too', async () => {
  await foreign('mine');
  github.weather = [limit(now + 5 * MINUTE)];
  await reporter.report(FLEET);
  await foreign('mine again');
  now += 6 * MINUTE;
  await tellAll();
  expect(github.issue(1).body).toBe(ours);
  expect(await store.read.effects.due(Number.MAX_SAFE_INTEGER, 10)).toEqual([]);
});

test('an edit of ours without an answer is settled before the one that puts the text back', async () => {
  await store.write((tx) => tx.fleets.pause(FLEET, hubot, now));
  github.weather = [{ lostAfter: noAnswer() }];
  await reporter.report(FLEET);
  expect(edits()).toBe(1);
  await foreign('mine');
  now += 31 * SECOND;
  await store.write((tx) => tx.fleets.resume(FLEET, hubot, now));
  await tellAll();
  expect(github.issue(1).body).toMatch(/^<!-- flotilla:1 [\s\S]*acme\/service-1/);
  expect(github.issue(1).body, 'the older edit').not.toContain('**Paused**');
  expect(await store.read.effects.due(Number.MAX_SAFE_INTEGER, 10), 'nothing older comes after it').toEqual([]);
});
