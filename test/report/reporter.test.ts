import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { readMarker } from '../../src/core/render/marker.ts';
import { BODY_LIMIT } from '../../src/core/render/page-layout.ts';
import { createEffects } from '../../src/effects/effects.ts';
import { createReporter, type Reporter } from '../../src/report/create-reporter.ts';
import type { FleetRow, NewFleet } from '../../src/store/contract/fleets.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { TaskEnd } from '../../src/store/contract/tasks.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { FakeGitHub, limit, noAnswer, refusal } from '../effects/fake-github.ts';
import { aPlan, completed, failed, insertFleet, mona, silentLog, temporaryFolder } from '../store/fixtures.ts';

const START = 10_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ONE = 'f-aaaaaaaa';
const TWO = 'f-bbbbbbbb';

let now: number;
let store: Store;
let github: FakeGitHub;
let reporter: Reporter;

beforeEach(async () => {
  now = START;
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  github = new FakeGitHub(() => now);
  reporter = reporterWith({ perMinute: 80, perHour: 500 });
});

let ids = 0;
function reporterWith(budget: { perMinute: number; perHour: number }): Reporter {
  const clock = { now: () => now };
  const effects = createEffects({
    store,
    github: github.port,
    clock,
    log: silentLog,
    newId: () => {
      ids += 1;
      return `e-${ids}`;
    },
    budget,
    waits: { unknownMs: 30 * SECOND, betweenLooksMs: 20 * SECOND },
    requestTimeoutMs: 15 * SECOND,
  });
  return createReporter({ store, effects, github: github.port, clock, log: silentLog });
}

const planOf = (tasks: number): Plan =>
  aPlan({
    targets: Array.from({ length: tasks }, (_, index) => ({
      repositoryId: index + 1,
      repository: `acme/service-${index + 1}`,
      visibility: 'private',
    })),
  });

const insert = (id: string, tasks: number, change: Partial<NewFleet> = {}): Promise<NewFleet> =>
  insertFleet(store, id, tasks, { plan: planOf(tasks), createdAt: now, ...change });

async function fleetOf(id: string): Promise<FleetRow> {
  const fleet = await store.read.fleets.get(id);
  if (fleet === undefined) throw new Error(`no fleet ${id}`);
  return fleet;
}

async function endTask(id: string, end: TaskEnd): Promise<void> {
  await store.write(async (tx) => {
    const task = await tx.tasks.start(id, now, now + MINUTE);
    if (task === undefined) throw new Error(`task ${id} did not start`);
    await tx.tasks.end(task, end, now);
  });
}

/** As the engine does: whenever a report is due, at the time it asks for, until every fleet is told. */
async function tellAll(): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const behind = await store.read.fleets.reportsBehind(Number.MAX_SAFE_INTEGER);
    if (behind.length === 0) return;
    now = Math.max(now, Math.min(...behind.map((fleet) => reporter.due(fleet, now))));
    for (const fleet of await store.read.fleets.reportsBehind(now)) {
      if (reporter.due(fleet, now) <= now) await reporter.report(fleet.id);
    }
    now += SECOND;
  }
  throw new Error('the reports never came to an end');
}

const bodies = (): string[] => github.comments.map((comment) => comment.body.split('\n').slice(1).join('\n'));

describe('a fleet that begins', () => {
  test('gets an issue, and the command gets a rocket and the link', async () => {
    await insert(ONE, 2);
    await reporter.report(ONE);
    expect(github.requests).toEqual(['createIssue', 'addReaction', 'createComment']);
    expect(github.issue(1).title).toBe('[fleet] bump version=2.0 (2 repositories)');
    expect(github.reactions).toEqual(['33 rocket']);
    expect(bodies()[0]).toContain('https://github.com/acme/platform/issues/1');
    expect(github.comments[0]?.number).toBe(3);
    expect((await fleetOf(ONE)).trackingIssue).toMatchObject({ number: 1 });
  });

  test('from a dispatch has nobody to answer to', async () => {
    await insert(ONE, 1, { door: 'dispatch', origin: null });
    await reporter.report(ONE);
    expect(github.requests).toEqual(['createIssue']);
  });

  test('as a plan shows it and says how to approve it', async () => {
    await insert(ONE, 2, { expiresAt: now + 24 * 60 * MINUTE });
    await reporter.report(ONE);
    expect(github.issue(1).body).toContain(`/fleet approve ${ONE}`);
    expect(bodies()[0]).toContain(`/fleet approve ${ONE}`);
  });

  test('without anything new is not written again', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await reporter.report(ONE);
    expect(github.count('createIssue')).toBe(1);
    expect(github.count('updateIssue')).toBe(0);
  });

  test('whose issue GitHub refuses says so where the command was given, and does not ask again', async () => {
    github.weather = [refusal()];
    await insert(ONE, 2);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, completed);
    await tellAll();
    expect(github.count('createIssue')).toBe(1);
    expect(github.reactions).toEqual(['33 confused']);
    expect(bodies()[0]).toContain('could not be made');
  });
});

describe('a fleet that goes on', () => {
  test('has its issue edited in place, under the marker of its creation', async () => {
    await insert(ONE, 2);
    await reporter.report(ONE);
    const marker = readMarker(github.issue(1).body);
    await endTask(`${ONE}/0`, completed);
    await tellAll();
    expect(github.count('updateIssue')).toBe(1);
    expect(github.issue(1).body).toContain('1 of 2 done');
    expect(readMarker(github.issue(1).body)).toBe(marker);
    expect(github.count('createComment')).toBe(1);
  });

  test('is not edited for events that change nothing on the page', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await store.write((tx) => tx.events.append(ONE, now, { type: 'task_publishing', v: 1, taskId: `${ONE}/0` }));
    await tellAll();
    expect(github.count('updateIssue')).toBe(0);
  });

  test('is told at the cadence, and at once when it ends', async () => {
    await insert(ONE, 2, { createdAt: START - 1 });
    await reporter.report(ONE);
    now = START + SECOND;
    await endTask(`${ONE}/0`, completed);
    expect(reporter.due(await fleetOf(ONE), now)).toBe(START + 5 * SECOND);
    await endTask(`${ONE}/1`, completed);
    expect(reporter.due(await fleetOf(ONE), now)).toBe(now);
  });
});

describe('a fleet that ends', () => {
  test('completed: the issue is closed, with one comment', async () => {
    await insert(ONE, 1);
    await endTask(`${ONE}/0`, completed);
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'closed', reason: 'completed' });
    expect(bodies().filter((body) => body.startsWith('✅ **Completed**'))).toHaveLength(1);
  });

  test('partial: the issue stays open', async () => {
    await insert(ONE, 2);
    await endTask(`${ONE}/0`, completed);
    await endTask(`${ONE}/1`, failed);
    await tellAll();
    expect(github.issue(1).state).toBe('open');
    expect(bodies().at(-1)).toContain('⚠️ **Partial**');
  });

  test('cancelled: the issue is closed as not planned', async () => {
    await insert(ONE, 2);
    await reporter.report(ONE);
    await store.write(async (tx) => {
      await tx.fleets.requestCancel(ONE, now, mona);
      await tx.tasks.cancelFleet(ONE, 'Cancelled by mona.', now);
    });
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'closed', reason: 'not_planned' });
  });

  test('superseded: the older issue points to the newer one and is closed', async () => {
    await insert(ONE, 2, { fleetKey: 'same' });
    await endTask(`${ONE}/0`, completed);
    await endTask(`${ONE}/1`, failed);
    await tellAll();
    await insert(TWO, 2, { fleetKey: 'same' });
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'closed', reason: 'not_planned' });
    expect(github.issue(1).body).toContain(`Superseded by [${TWO}](https://github.com/acme/platform/issues/2)`);
    expect(github.issue(2).state).toBe('open');
    expect(bodies().filter((body) => body.includes('**Partial**'))).toHaveLength(1);
  });

  test('a plan that nobody approved yet supersedes nothing', async () => {
    await insert(ONE, 1, { fleetKey: 'same' });
    await endTask(`${ONE}/0`, failed);
    await tellAll();
    await insert(TWO, 1, { fleetKey: 'same', expiresAt: now + MINUTE });
    await tellAll();
    expect((await fleetOf(ONE)).supersededBy).toBeNull();
    await store.write((tx) => tx.fleets.approve(TWO, mona, now));
    await tellAll();
    expect((await fleetOf(ONE)).supersededBy).toBe(TWO);
  });
});

describe('an issue that a person deletes', () => {
  test('is made once more, and not a third time', async () => {
    await insert(ONE, 3);
    await reporter.report(ONE);
    github.issue(1).deleted = true;
    await endTask(`${ONE}/0`, completed);
    await tellAll();
    expect((await fleetOf(ONE)).trackingIssue).toMatchObject({ number: 2 });
    expect(github.issue(2).body).toContain('1 of 3 done');

    await endTask(`${ONE}/1`, completed);
    await tellAll();
    expect(github.issue(2).body).toContain('2 of 3 done');

    github.issue(2).deleted = true;
    await endTask(`${ONE}/2`, failed);
    await tellAll();
    expect(github.issues).toHaveLength(2);
  });
});

describe('a large fleet', () => {
  test('has further pages as comments, and only those that changed are edited', async () => {
    await insert(ONE, 700);
    await reporter.report(ONE);
    const pages = github.comments.filter((comment) => comment.number === 1);
    expect(pages.length).toBeGreaterThanOrEqual(2);
    const [first, second] = pages.map((page) => page.body);

    await endTask(`${ONE}/699`, completed);
    await tellAll();
    const later = github.comments.filter((comment) => comment.number === 1);
    expect(later).toHaveLength(pages.length);
    expect(later[0]?.body).toBe(first);
    expect(later.at(-1)?.body).not.toBe(second);
    expect(later.at(-1)?.body).toContain('[#12]');
    expect(github.count('updateComment')).toBe(1);
    for (const text of [...github.issues, ...github.comments]) expect(text.body.length).toBeLessThanOrEqual(BODY_LIMIT);
  });
});

describe('on GitHub’s bad days', () => {
  test('an edit that is paced is sent before a newer one, never after it', async () => {
    await insert(ONE, 3);
    reporter = reporterWith({ perMinute: 3, perHour: 500 });
    await reporter.report(ONE);
    now += 5 * SECOND;
    await endTask(`${ONE}/0`, completed);
    await reporter.report(ONE);
    github.weather = [limit(now + 5 * MINUTE)];
    now += 5 * SECOND;
    await endTask(`${ONE}/1`, failed);
    await reporter.report(ONE);
    expect(github.issue(1).body).toContain('1 of 3 done');

    await endTask(`${ONE}/2`, completed);
    now += 10 * MINUTE;
    await tellAll();
    for (const effect of await store.read.effects.due(Number.MAX_SAFE_INTEGER, 10)) {
      throw new Error(`${effect.key} could still be sent`);
    }
    expect(github.issue(1).body).toContain('2 of 3 completed');
    expect(github.issue(1).body).toContain('⚠️ Partial');
    expect(bodies().filter((body) => body.startsWith('⚠️ **Partial**'))).toHaveLength(1);
  });

  test('an issue whose creation got no answer is found, not doubled', async () => {
    github.weather = [{ lostAfter: noAnswer() }];
    await insert(ONE, 1);
    await reporter.report(ONE);
    expect((await fleetOf(ONE)).trackingIssue).toBeNull();
    now += 31 * SECOND;
    await tellAll();
    expect(github.issues).toHaveLength(1);
    expect((await fleetOf(ONE)).trackingIssue).toMatchObject({ number: 1 });
    expect(github.reactions).toEqual(['33 rocket']);
  });

  test('a report that waits is not claimed before its time', async () => {
    github.weather = [limit(START + 5 * MINUTE)];
    await insert(ONE, 1);
    await reporter.report(ONE);
    now = START + 4 * MINUTE;
    await reporter.report(ONE);
    expect(github.requests).toEqual(['createIssue']);
    now = START + 5 * MINUTE;
    await reporter.report(ONE);
    expect(github.issues).toHaveLength(1);
  });
});
