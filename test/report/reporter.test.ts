import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import type { Plan } from '../../src/core/plan.ts';
import { aboutUtc } from '../../src/core/render/amounts.ts';
import { readMarker } from '../../src/core/render/marker.ts';
import { BODY_LIMIT } from '../../src/core/render/page-layout.ts';
import type { Caps } from '../../src/core/slots.ts';
import type { ApprovalNode } from '../../src/core/workflow/types.ts';
import { createEffects } from '../../src/effects/effects.ts';
import { createReporter, type Reporter } from '../../src/report/create-reporter.ts';
import { createEditLog } from '../../src/report/edit-log.ts';
import { createGateLog } from '../../src/report/gate-log.ts';
import { gatherFacts } from '../../src/report/gather-facts.ts';
import type { ReporterSettings } from '../../src/report/report-run.ts';
import type { FleetRow, NewFleet } from '../../src/store/contract/fleets.ts';
import type { Lease } from '../../src/store/contract/lease.ts';
import type { Store } from '../../src/store/contract/store.ts';
import type { TaskEnd, TaskRow } from '../../src/store/contract/tasks.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { FakeGitHub, limit, noAnswer, refusal } from '../effects/fake-github.ts';
import {
  aNode,
  aPlan,
  completed,
  failed,
  hubot,
  insertFleet,
  mona,
  silentLog,
  temporaryFolder,
} from '../store/fixtures.ts';

const START = 10_000_000;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const ONE = 'f-aaaaaaaa';
const BUDGET = { perMinute: 80, perHour: 500 };
const TWO = 'f-bbbbbbbb';
const THREE = 'f-cccccccc';

let now: number;
let caps: Caps;
let store: Store;
let github: FakeGitHub;
let reporter: Reporter;

beforeEach(async () => {
  now = START;
  caps = { system: 8, perUser: 5 };
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  github = new FakeGitHub(() => now);
  reporter = createReporter(settingsWith(BUDGET));
});

let ids = 0;
function settingsWith(budget: { perMinute: number; perHour: number }): ReporterSettings {
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
  const parts = { store, effects, github: github.port, clock, log: silentLog, budget, caps };
  return { ...parts, newNotificationId: () => 'n-1' };
}

const planOf = (tasks: number): Plan =>
  aPlan({
    targets: Array.from({ length: tasks }, (_, index) => ({
      repositoryId: index + 1,
      repository: `acme/service-${index + 1}`,
      visibility: 'private',
      wave: 0,
      stage: 0,
    })),
  });

const insert = (id: string, tasks: number, change: Partial<NewFleet> = {}): Promise<NewFleet> =>
  insertFleet(store, id, tasks, { plan: planOf(tasks), createdAt: now, ...change });

async function fleetOf(id: string): Promise<FleetRow> {
  const fleet = await store.read.fleets.get(id);
  if (fleet === undefined) throw new Error(`no fleet ${id}`);
  return fleet;
}

async function startTask(id: string): Promise<TaskRow & Lease> {
  const task = await store.write((tx) => tx.tasks.start(id, now, now + MINUTE));
  if (task === undefined) throw new Error(`task ${id} did not start`);
  return task;
}

async function endTask(id: string, end: TaskEnd): Promise<void> {
  const task = await startTask(id);
  await store.write((tx) => tx.tasks.end(task, end, now));
}

/** As the engine does: whenever a report is due, at the time it asks for, until every fleet is told. */
async function tellAll(): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    const behind = await store.read.fleets.reportsBehind(Number.MAX_SAFE_INTEGER);
    if (behind.length === 0) return;
    const due = await Promise.all(behind.map((fleet) => reporter.due(fleet, now)));
    now = Math.max(now, Math.min(...due));
    for (const fleet of await store.read.fleets.reportsBehind(now)) {
      if ((await reporter.due(fleet, now)) <= now) await reporter.report(fleet.id);
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
    expect(await reporter.due(await fleetOf(ONE), now)).toBe(START + 5 * SECOND);
    await endTask(`${ONE}/1`, completed);
    expect(await reporter.due(await fleetOf(ONE), now)).toBe(now);
  });
});

test('that a person is asked is told at once, and many repositories that ask within moments together', async () => {
  const sample = planOf(3);
  const gate: ApprovalNode = {
    id: 'gate',
    kind: 'approval',
    message: 'Ship it?',
    decisions: [{ id: 'approve', label: 'approve' }],
    captureResponse: false,
    timeoutMs: MINUTE,
    dependsOn: [],
    when: null,
    triggerRule: 'all_success',
    continueOnError: false,
    retry: null,
    alwaysRun: false,
  };
  await insert(ONE, 3, { plan: { ...sample, workflow: { ...sample.workflow, nodes: [gate] } } });
  await reporter.report(ONE);
  now += 30 * MINUTE;
  await endTask(`${ONE}/0`, completed);
  await reporter.report(ONE);
  const ask = async (taskId: string): Promise<void> => {
    const task = await startTask(taskId);
    const { message, decisions } = gate;
    const question = { taskId, attempt: 1, nodeId: 'gate', message, decisions, askedAt: now, expiresAt: now + MINUTE };
    await store.write((tx) => tx.approvals.ask(task, question));
  };
  now += 20 * SECOND;
  await ask(`${ONE}/1`);
  expect(await reporter.due(await fleetOf(ONE), now)).toBe(now);
  await reporter.report(ONE);
  expect(github.issue(1).body).toContain('### Waiting for a decision (1)');
  now += SECOND;
  await ask(`${ONE}/2`);
  expect(await reporter.due(await fleetOf(ONE), now)).toBe(now + 14 * SECOND);
});

test('that a fleet is held, and that it goes on, is told at once', async () => {
  const sample = planOf(3);
  const rollout = { canary: null, waves: [], haltOnFailure: { count: 1 }, approve: 'none', after: [] } as const;
  await insert(ONE, 3, { plan: { ...sample, workflow: { ...sample.workflow, rollout } } });
  await reporter.report(ONE);
  now += 30 * MINUTE;
  await endTask(`${ONE}/0`, failed);
  expect(await reporter.due(await fleetOf(ONE), now)).toBe(now);
  await reporter.report(ONE);
  expect(github.issue(1).body).toContain('**Halted:** 1 of 3 repositories failed (`halt_on_failure: 1`).');
  now += SECOND;
  await store.write((tx) => tx.fleets.openGate(ONE, mona, now));
  expect(await reporter.due(await fleetOf(ONE), now)).toBe(now);
  await reporter.report(ONE);
  expect(github.issue(1).body).not.toContain('**Halted:**');
  expect(github.issue(1).body).toContain('- Halted, as 1 of 3 repositories failed: **approve** by [mona]');
});

describe('a fleet that ends', () => {
  test('completed: the issue is closed, with one comment', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, completed);
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'closed', reason: 'completed' });
    expect(bodies().filter((body) => body.startsWith('✅ **Completed**'))).toHaveLength(1);
  });

  test('partial: the issue stays open', async () => {
    await insert(ONE, 2);
    await reporter.report(ONE);
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
    await reporter.report(ONE);
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
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, failed);
    await tellAll();
    await insert(TWO, 1, { fleetKey: 'same', expiresAt: now + MINUTE });
    await tellAll();
    expect((await fleetOf(ONE)).supersededBy).toBeNull();
    await store.write((tx) => tx.fleets.approve(TWO, mona, now));
    await tellAll();
    expect((await fleetOf(ONE)).supersededBy).toBe(TWO);
  });

  test('every ended fleet of the key is superseded, also one behind a plan that was never run', async () => {
    await insert(ONE, 1, { fleetKey: 'same' });
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, failed);
    await tellAll();
    await insert(TWO, 1, { fleetKey: 'same', expiresAt: now + MINUTE });
    await tellAll();
    await store.write((tx) => tx.fleets.expire(TWO, now + MINUTE));
    await tellAll();
    await insert(THREE, 1, { fleetKey: 'same' });
    await tellAll();
    expect((await fleetOf(ONE)).supersededBy).toBe(THREE);
    expect((await fleetOf(TWO)).supersededBy).toBe(THREE);
    for (const number of [1, 2]) {
      expect(github.issue(number)).toMatchObject({ state: 'closed', reason: 'not_planned' });
      expect(github.issue(number).body).toContain(`Superseded by [${THREE}]`);
    }
  });
});

describe('a fleet of which something is tried again', () => {
  const retry = () => store.write((tx) => tx.fleets.retry(ONE, [`${ONE}/0`], mona, now));

  test('has its issue opened once, told at once, and one comment more when it ends again', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await store.write(async (tx) => {
      await tx.fleets.requestCancel(ONE, now, mona);
      await tx.tasks.cancelFleet(ONE, 'mona cancelled the fleet.', now);
    });
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'closed' });
    now += 60 * MINUTE;
    await retry();
    expect(await reporter.due(await fleetOf(ONE), now)).toBe(now);
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'open' });

    github.issue(1).state = 'closed';
    await startTask(`${ONE}/0`);
    await tellAll();
    expect(github.issue(1).state, 'a person closed it meanwhile').toBe('closed');
    const running = (await store.read.tasks.running())[0];
    if (running === undefined) throw new Error('the task does not run');
    await store.write((tx) => tx.tasks.end(running, completed, now));
    await tellAll();
    const ends = bodies().filter((body) => /^\S+ \*\*(Cancelled|Completed)/.test(body));
    expect(ends.map((body) => /Cancelled|Completed/.exec(body)?.[0])).toEqual(['Cancelled', 'Completed']);
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
  const pagesOf = (issue: number): string[] =>
    github.comments.filter((comment) => comment.number === issue).map((comment) => comment.body);

  test('has further pages as comments, and only those that changed are edited', async () => {
    await insert(ONE, 700);
    await reporter.report(ONE);
    const before = pagesOf(1);
    expect(before.length).toBeGreaterThanOrEqual(2);

    await endTask(`${ONE}/699`, completed);
    await tellAll();
    const after = pagesOf(1);
    expect(after.slice(0, -1)).toEqual(before.slice(0, -1));
    expect(after.at(-1)).not.toBe(before.at(-1));
    expect(after.at(-1)).toContain('[#12]');
    expect(github.count('updateComment')).toBe(1);
    for (const text of [...github.issues, ...github.comments]) expect(text.body.length).toBeLessThanOrEqual(BODY_LIMIT);
  });

  test('of 2,000 whose tasks end and fail on one page has that page and the head edited, at most 60 times an hour', async () => {
    await insert(ONE, 2_000, { plan: { ...planOf(2_000), parallel: null } });
    await reporter.report(ONE);
    const before = pagesOf(1);
    const first = 2_000 - (before.join('\n').match(/^\| \[acme\//gm)?.length ?? 0);
    for (let index = first; index < first + 100; index += 1) {
      await endTask(`${ONE}/${index}`, index % 4 === 0 ? failed : completed);
      now += 36 * SECOND;
      if ((await reporter.due(await fleetOf(ONE), now)) <= now) await reporter.report(ONE);
    }
    await tellAll();
    const after = pagesOf(1);
    expect(after[0]).not.toBe(before[0]);
    expect(after.slice(1)).toEqual(before.slice(1));
    expect(github.count('updateIssue') + github.count('updateComment')).toBeLessThanOrEqual(60);
    expect(github.count('updateIssue')).toBeGreaterThan(15);
  });

  test('that ends with more changed pages than the hour has edits left tells the end at once and those pages later', async () => {
    await insert(ONE, 2_000, { createdAt: START - 1, plan: { ...planOf(2_000), parallel: null } });
    await reporter.report(ONE);
    const times: number[] = [];
    github.onRequest = async () => {
      if (github.requests.at(-1)?.startsWith('update')) times.push(now);
    };
    for (let step = 0; step < 100; step += 1) {
      now += 30 * SECOND;
      await endTask(`${ONE}/${(step * 171) % 2_000}`, completed);
      if ((await reporter.due(await fleetOf(ONE), now)) <= now) await reporter.report(ONE);
    }
    now += SECOND;
    await store.write(async (tx) => {
      await tx.fleets.requestCancel(ONE, now, mona);
      await tx.tasks.cancelFleet(ONE, 'Cancelled by mona.', now);
    });
    expect(await reporter.due(await fleetOf(ONE), now)).toBe(now);
    await reporter.report(ONE);
    expect(github.issue(1).body).toContain('⚠️ Partial');
    expect(bodies().at(-1)).toContain('⚠️ **Partial**');
    expect(pagesOf(1).join()).toContain('queued');

    await tellAll();
    expect(pagesOf(1).join()).not.toContain('queued');
    const hourUntil = (end: number): number => times.filter((at) => at > end - 60 * MINUTE && at <= end).length;
    expect(Math.max(...times.map(hourUntil))).toBeLessThanOrEqual(60);
  });
});

describe('a fleet that GitHub’s limits hold back', () => {
  test('shows until when its pull requests wait and when it is done', async () => {
    await insert(ONE, 3, { plan: { ...planOf(3), parallel: null } });
    await reporter.report(ONE);
    const task = await startTask(`${ONE}/0`);
    const until = now + 20 * MINUTE;
    await store.write(async (tx) => {
      await tx.tasks.enterPublishing(task, 'tree', now);
      const request = { kind: 'pull_request' as const, repository: 'acme/service-1', repositoryId: 1, head: 'h' };
      await tx.effects.intend({
        id: 'e-paced',
        key: 'paced',
        installationId: 7,
        fleetId: ONE,
        taskId: task.id,
        request: { ...request, title: 't', body: '', base: 'main', draft: false },
        intendedAt: now,
      });
      await tx.budget.place(7, [{ effectId: 'e-paced', at: until, ofTask: true }]);
      await tx.tasks.requeue(task, "paced by GitHub's limits", until, now);
    });
    now += 5 * SECOND;
    await reporter.report(ONE);
    const { body } = github.issue(1);
    const clock = new Date(Math.ceil(until / (5 * MINUTE)) * 5 * MINUTE).toISOString().slice(11, 16);
    expect(body).toContain(`⏳ pull request waits for GitHub's limits until about ${clock} UTC`);
    expect(body).toContain(`paced by GitHub's limits, done at about ${clock} UTC`);
    expect(body).toContain('🕓 queued, 1st of 2');
  });
});

describe('a queue over a cap', () => {
  const one = { plan: { ...planOf(3), parallel: null } };
  const rows = (number: number) =>
    github
      .issue(number)
      .body.split('\n')
      .flatMap((text) => /🕓 (queued[^|]*?) \|/.exec(text)?.[1] ?? []);

  test('tells the place among all fleets and an estimate, and before any task has ended that there is none', async () => {
    caps = { system: 1, perUser: 1 };
    reporter = createReporter(settingsWith(BUDGET));
    await insert(ONE, 3, one);
    await reporter.report(ONE);
    expect(rows(1)).toEqual([
      'queued, 1st of 3, starts next',
      'queued, 2nd of 3, no estimate yet',
      'queued, 3rd of 3, no estimate yet',
    ]);
    const task = await startTask(`${ONE}/0`);
    now += 10 * MINUTE;
    await store.write((tx) => tx.tasks.end(task, completed, now));
    await startTask(`${ONE}/1`);

    await insert(TWO, 2, { ...one, runAs: hubot, sender: hubot });
    await reporter.report(TWO);
    const clock = (minutes: number) => aboutUtc(now + minutes * MINUTE, now);
    expect(rows(2)).toEqual([
      `queued, 1st of 2, behind 1 of other fleets, at about ${clock(20)}`,
      `queued, 2nd of 2, behind 1 of other fleets, at about ${clock(30)}`,
    ]);
    expect(github.issue(2).body).toContain(`the queue is done at about ${clock(40)}`);
  });

  test('tells no time while a person holds it, and none of another fleet that somebody holds', async () => {
    caps = { system: 1, perUser: 1 };
    reporter = createReporter(settingsWith(BUDGET));
    await insert(ONE, 3, one);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, completed);
    await store.write((tx) => tx.fleets.pause(ONE, mona, now));
    await tellAll();
    expect(github.issue(1).body).toContain('🕓 paused');
    expect(github.issue(1).body).not.toMatch(/at about|no estimate/);
    await insert(TWO, 1, one);
    await reporter.report(TWO);
    expect(rows(2)).toEqual(['queued, 1st of 1, starts next']);
  });

  test('lets what comes `after` others wait until those have ended, though there are slots', async () => {
    await insert(TWO, 1);
    await reporter.report(TWO);
    const task = await startTask(`${TWO}/0`);
    now += 10 * MINUTE;
    await store.write((tx) => tx.tasks.end(task, completed, now));
    const { targets } = planOf(3);
    const stages = targets.map((target, index) => ({ ...target, stage: index === 0 ? 0 : 1 }));
    await insert(ONE, 3, { plan: { ...one.plan, targets: stages } });
    await reporter.report(ONE);
    const later = `at about ${aboutUtc(now + 10 * MINUTE, now)}`;
    expect(rows(2)).toEqual([
      'queued, 1st of 3, starts next',
      `queued, 2nd of 3, ${later}`,
      `queued, 3rd of 3, ${later}`,
    ]);
  });

  test('is not written again because time passes, and once for each edit that is put back', async () => {
    caps = { system: 1, perUser: 1 };
    reporter = createReporter(settingsWith(BUDGET));
    await insert(ONE, 2, one);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, completed);
    await startTask(`${ONE}/1`);
    await insert(TWO, 3, one);
    await tellAll();
    const told = github.count('updateIssue');
    for (let hour = 1; hour <= 5; hour += 1) {
      now += 60 * MINUTE;
      await tellAll();
      await store.write((tx) => tx.fleets.noteEdit(TWO, hubot, now));
      await tellAll();
      expect(github.count('updateIssue') - told).toBe(hour);
    }
  });
});

describe('a report', () => {
  test('what is said on the issue right before the news does not hold them up', async () => {
    await insert(ONE, 3);
    await reporter.report(ONE);
    now += 60 * MINUTE;
    const said = { type: 'effect_done', v: 1, taskId: null, effect: 'comment', number: 1 } as const;
    await store.write((tx) => tx.events.append(ONE, now, said));
    await reporter.report(ONE);
    const told = await fleetOf(ONE);
    expect([told.reportedSeq, github.count('updateIssue')]).toEqual([told.eventSeq, 0]);
    await endTask(`${ONE}/0`, completed);
    expect(await reporter.due(await fleetOf(ONE), now)).toBeLessThanOrEqual(now);
    await reporter.report(ONE);
    await endTask(`${ONE}/1`, completed);
    expect(await reporter.due(await fleetOf(ONE), now), 'news hold up the next ones').toBeGreaterThan(now);
  });

  test('reads no output of a node', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    const task = await startTask(`${ONE}/0`);
    await store.write((tx) => tx.nodes.put(task, aNode(task, 'test', { output: 'x'.repeat(1_000) }), now));
    const claimed = await store.write((tx) => tx.fleets.claimReport(ONE, now, now + MINUTE));
    if (claimed === undefined) throw new Error('the report was not claimed');
    const { nodes } = await gatherFacts({
      ...settingsWith(BUDGET),
      fleet: claimed,
      startedAt: now,
      edits: createEditLog(),
      gates: createGateLog(store.read.events),
      lookedForExtras: new Set<string>(),
    });
    expect(nodes.get(task.id)).toHaveLength(1);
    expect(JSON.stringify([...nodes.values()])).not.toContain('xxx');
  });
});

describe('on GitHub’s bad days', () => {
  test('an edit that is paced is sent before a newer one, never after it', async () => {
    await insert(ONE, 3);
    reporter = createReporter(settingsWith({ perMinute: 3, perHour: 500 }));
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

  test('what an unanswered request made after all is closed before the fleet has its last report', async () => {
    github.weather = [{ lostAfter: noAnswer() }];
    github.stale = true;
    await insert(ONE, 1);
    await tellAll();
    expect(github.issues).toHaveLength(2);
    expect((await fleetOf(ONE)).trackingIssue).toMatchObject({ number: 2 });
    expect(github.issue(1).state).toBe('open');

    github.stale = false;
    await endTask(`${ONE}/0`, failed);
    await tellAll();
    expect(github.issue(1)).toMatchObject({ state: 'closed', reason: 'not_planned' });
    expect(github.issue(1).body).toContain('[the other one](https://github.com/acme/platform/issues/2)');
    expect(github.issue(2)).toMatchObject({ state: 'open' });
    expect(github.issue(2).body).toContain('0 of 1 completed');
  });

  test('a comment that an unanswered request made after all is deleted', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, failed);
    github.weather = [];
    github.stale = true;
    github.onRequest = async () => {
      if (github.requests.at(-1) !== 'createComment' || github.weather.length > 0) return;
      if (github.count('createComment') === 2) github.weather = [{ lostAfter: noAnswer() }];
      if (github.count('createComment') === 3) github.stale = false;
    };
    await tellAll();
    expect(github.count('createComment')).toBe(3);
    expect(bodies().slice(1)).toEqual([expect.stringMatching(/^❌ \*\*Failed\*\*/)]);
    const deletions = (await store.read.events.ofFleet(ONE)).filter(
      ({ event }) => event.type === 'effect_done' && event.effect === 'comment_deletion',
    );
    expect(deletions).toHaveLength(1);
  });

  test('of a comment that was given up after it was made five times, the first one stays', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, failed);
    github.stale = true;
    github.onRequest = async () => {
      if (github.requests.at(-1) === 'createComment') github.weather = [{ lostAfter: noAnswer() }];
      // Two looks for each of five sends; the next one is the last look.
      github.stale = github.count('commentsSince') <= 10;
    };
    for (let tries = 0; tries < 20; tries += 1) {
      await reporter.report(ONE);
      now += 30 * SECOND;
    }
    await tellAll();
    expect(await store.read.effects.byKey(`final:${ONE}`)).toMatchObject({ state: 'refused', unanswered: 5 });
    expect([github.count('createComment'), github.count('deleteComment')]).toEqual([6, 4]);
    expect(bodies().slice(1)).toEqual([expect.stringMatching(/^❌ \*\*Failed\*\*/)]);
  });

  test('where every request was answered, nothing is looked for', async () => {
    await insert(ONE, 1);
    await reporter.report(ONE);
    await endTask(`${ONE}/0`, completed);
    await tellAll();
    expect(github.count('issuesSince') + github.count('commentsSince')).toBe(0);
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
