import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { readMarker, withMarker } from '../../src/core/render/marker.ts';
import { EffectPending } from '../../src/effects/effect-pending.ts';
import { createEffects, type Effects } from '../../src/effects/effects.ts';
import { refusalStatus } from '../../src/effects/refusal-status.ts';
import type { EffectRequest, EffectRow } from '../../src/store/contract/effects.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { silentLog, temporaryFolder } from '../store/fixtures.ts';
import { BOT_ID, FakeGitHub, limit, noAnswer, REPOSITORY_ID, refusal } from './fake-github.ts';

const START = 10_000_000;
const SECOND = 1_000;

let now: number;
let store: Store;
let github: FakeGitHub;
let effects: Effects;

beforeEach(async () => {
  now = START;
  const folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'store.db'), log: silentLog });
  onTestFinished(async () => {
    await store.close();
    await folder.remove();
  });
  github = new FakeGitHub(() => now);
  effects = effectsWith({ perMinute: 80, perHour: 500 });
});

function effectsWith(budget: { perMinute: number; perHour: number }, clock = () => now): Effects {
  let ids = 0;
  return createEffects({
    store,
    github: github.port,
    clock: { now: clock },
    log: silentLog,
    newId: () => {
      ids += 1;
      return `e-${budget.perHour}-${ids}`;
    },
    budget,
    waits: { unknownMs: 30 * SECOND, betweenLooksMs: 20 * SECOND },
    requestTimeoutMs: 15 * SECOND,
  });
}

const issue: EffectRequest = { kind: 'issue', repository: 'acme/platform', title: 'A fleet', body: 'its body' };
const comment: EffectRequest = { kind: 'comment', repository: 'acme/platform', number: 3, body: 'a reply' };
const pull: EffectRequest = {
  kind: 'pull_request',
  repository: 'acme/a',
  repositoryId: REPOSITORY_ID,
  title: 'Bump',
  body: 'a bump',
  head: 'fleet/bump',
  base: 'main',
  draft: false,
};
const reaction: EffectRequest = { kind: 'reaction', repository: 'acme/platform', commentId: 5, reaction: 'eyes' };
const edit: EffectRequest = { kind: 'issue_edit', repository: 'acme/platform', number: 1, body: 'newer' };

const perform = (request: EffectRequest, key = 'key', installationId = 7): Promise<EffectRow> =>
  effects.perform({ key, installationId, fleetId: null, taskId: null, request });

async function pending(request: EffectRequest, key = 'key', installationId = 7): Promise<EffectPending> {
  const outcome = await perform(request, key, installationId).catch((error: unknown) => error);
  if (outcome instanceof EffectPending) return outcome;
  throw new Error(`settled or failed otherwise: ${JSON.stringify(outcome)}`);
}

/** The engine's unit, at the time that the row asks for. */
async function later(key = 'key'): Promise<EffectRow | undefined> {
  const row = await store.read.effects.byKey(key);
  if (row === undefined) throw new Error(`no effect ${key}`);
  now = Math.max(now, row.notBefore);
  return effects.attempt(row.id);
}

describe('a creation', () => {
  test('is sent once for a key, with its marker, and its result is kept', async () => {
    const first = await perform(issue);
    const second = await perform(issue);
    expect(first).toMatchObject({
      state: 'done',
      result: { number: 1, url: 'https://github.com/acme/platform/issues/1' },
    });
    expect(second).toEqual(first);
    expect(github.requests).toEqual(['createIssue']);
    expect(readMarker(github.issue(1).body)).toBe(first.id);
  });

  test('is marked sent and has its place in the budget before the request leaves', async () => {
    const seen: unknown[] = [];
    github.onRequest = async () => {
      seen.push((await store.read.effects.byKey('key'))?.state, await store.read.budget.sent(7, 0));
    };
    await perform(issue);
    expect(seen).toEqual(['sent', [START]]);
  });

  test('is sent at once while the budget has room, although time goes on between two looks at the clock', async () => {
    effects = effectsWith({ perMinute: 80, perHour: 500 }, () => {
      now += 1;
      return now;
    });
    expect(await perform(issue)).toMatchObject({ state: 'done' });
  });

  test('that GitHub refuses is final, and asked for only once', async () => {
    github.weather = [refusal()];
    const row = await perform(issue);
    expect(row.state).toBe('refused');
    expect(refusalStatus(row)).toBe(422);
    expect(await later()).toBeUndefined();
    await perform(issue);
    expect(github.requests).toEqual(['createIssue']);
  });
});

describe('without an answer', () => {
  test('what happened is found after 30 s and adopted', async () => {
    github.weather = [{ lostAfter: noAnswer() }];
    expect((await pending(issue)).notBefore).toBe(START + 30 * SECOND);
    now = START + 29 * SECOND;
    await pending(issue);
    expect(github.requests).toEqual(['createIssue']);

    expect(await later()).toMatchObject({ state: 'done', result: { number: 1 } });
    expect(github.requests).toEqual(['createIssue', 'issuesSince']);
    expect(github.issues).toHaveLength(1);
  });

  test.each([
    ['an issue', issue, 'createIssue', 'issuesSince'],
    ['a comment', comment, 'createComment', 'commentsSince'],
    ['a pull request', pull, 'createPullRequest', 'pullRequests'],
  ])(
    '%s that did not happen is sent again exactly once, after two looks 20 s apart',
    async (_, request, send, look) => {
      github.weather = [noAnswer()];
      await pending(request);
      await later();
      expect(github.requests).toEqual([send, look]);
      expect((await store.read.effects.byKey('key'))?.notBefore).toBe(START + 50 * SECOND);
      expect(await later()).toMatchObject({ state: 'done' });
      expect(await later()).toBeUndefined();
      expect(github.requests).toEqual([send, look, look, send]);
    },
  );

  test('a list that is stale at the first look is asked a second time', async () => {
    github.weather = [{ lostAfter: noAnswer() }];
    await pending(issue);
    github.stale = true;
    await later();
    github.stale = false;
    expect(await later()).toMatchObject({ state: 'done' });
    expect(github.issues).toHaveLength(1);
  });

  test('a failing look counts for nothing', async () => {
    github.weather = [noAnswer(), noAnswer()];
    await pending(issue);
    await later();
    expect(await store.read.effects.byKey('key')).toMatchObject({ state: 'unknown', looks: 0 });
    await later();
    await later();
    expect(github.requests).toEqual(['createIssue', 'issuesSince', 'issuesSince', 'issuesSince', 'createIssue']);
  });

  test('a copy of our marker by somebody else, or an older one, is not adopted', async () => {
    github.weather = [noAnswer()];
    await pending(issue);
    const id = (await store.read.effects.byKey('key'))?.id ?? '';
    github.addIssue('acme/platform', 'imitated', withMarker('x', id), BOT_ID + 1);
    github.addIssue('acme/platform', 'quoted', `look:\n${withMarker('x', id)}`, BOT_ID);
    const old = github.addIssue('acme/platform', 'old', withMarker('x', id), BOT_ID);
    old.createdAt = START - 6 * 60 * SECOND;
    await later();
    expect(await later()).toMatchObject({ state: 'done', result: { number: 4 } });
  });

  test('an edit, a label or a reaction is simply sent again', async () => {
    github.addIssue('acme/platform', 'A fleet', 'older', BOT_ID);
    github.weather = [{ lostAfter: noAnswer() }];
    await pending(edit);
    expect(await later()).toMatchObject({ state: 'done' });
    expect(github.requests).toEqual(['updateIssue', 'updateIssue']);
  });

  test('a row found sent at start is looked for before it is sent again', async () => {
    github.onRequest = () => new Promise(() => undefined);
    const lost = perform(issue).catch(() => undefined);
    await expect.poll(async () => (await store.read.effects.byKey('key'))?.state).toBe('sent');
    expect(lost).toBeInstanceOf(Promise);
    github.onRequest = async () => undefined;
    await store.write((tx) => tx.effects.orphanAll(now, now + 30 * SECOND));
    effects = effectsWith({ perMinute: 80, perHour: 501 });
    await later();
    expect(await later()).toMatchObject({ state: 'done' });
    expect(github.requests).toEqual(['createIssue', 'issuesSince', 'issuesSince', 'createIssue']);
  });
});

describe('a pull request', () => {
  test('that is there already is adopted', async () => {
    github.addPull('acme/a', { createdAt: START - 999 * SECOND });
    expect(await perform(pull)).toMatchObject({ state: 'done', result: { number: 1 } });
    expect(github.requests).toEqual(['createPullRequest', 'pullRequests']);
  });

  test('from another repository with the same branch name is not ours', async () => {
    github.addPull('acme/a', { headRepositoryId: REPOSITORY_ID + 1 });
    expect(refusalStatus(await perform(pull))).toBe(422);
  });

  test('that was merged before anybody looked is found', async () => {
    github.weather = [{ lostAfter: noAnswer() }];
    await pending(pull);
    Object.assign(github.pulls[0] ?? {}, { state: 'closed', merged: true });
    expect(await later()).toMatchObject({ state: 'done', result: { number: 1 } });
    expect(github.count('createPullRequest')).toBe(1);
  });
});

describe('the budget', () => {
  test('holds a creation back until there is a place, without a request', async () => {
    effects = effectsWith({ perMinute: 2, perHour: 500 });
    await perform(issue, 'a');
    await perform(comment, 'b');
    const { notBefore } = await pending(comment, 'c');
    expect(notBefore).toBeGreaterThanOrEqual(START + 60 * SECOND);
    expect(github.requests).toHaveLength(2);
    expect(await later('c')).toMatchObject({ state: 'done' });
  });

  test('gives a place to what is queued and sends nothing of it before it is performed', async () => {
    effects = effectsWith({ perMinute: 1, perHour: 500 });
    const close: EffectRequest = { kind: 'pull_request_edit', repository: 'acme/a', number: 4, state: 'closed' };
    const queue = (key: string) =>
      effects.queue({ key, installationId: 7, fleetId: null, taskId: 't-1', request: close }).then(
        () => null,
        (error: unknown) => (error instanceof EffectPending ? error.notBefore : error),
      );
    expect(await queue('first')).toBeNull();
    await perform(issue);
    expect(await queue('first'), 'a place behind what was sent meanwhile').toBeGreaterThan(START);
    expect(await queue('second')).toBeGreaterThan(Number(await queue('first')));
    expect(github.count('updatePullRequest')).toBe(0);
    now = Number(await queue('first'));
    expect(await queue('first')).toBeNull();
    const sent = await effects.perform({
      key: 'first',
      installationId: 7,
      fleetId: null,
      taskId: 't-1',
      request: close,
    });
    expect([sent.state, github.count('updatePullRequest')]).toEqual(['done', 1]);
    expect(await queue('first'), 'nothing is left to wait for').toBeNull();
  });

  test('charges edits but no reactions, labels, reviewers and assignees', async () => {
    github.addIssue('acme/platform', 'A fleet', 'older', BOT_ID);
    const on = { repository: 'acme/a', number: 1 };
    await perform(edit, 'edit');
    await perform(reaction, 'reaction');
    await perform({ kind: 'labels', ...on, labels: ['x'] }, 'labels');
    await perform({ kind: 'assignees', ...on, assignees: ['x'] }, 'assignees');
    await perform({ kind: 'reviewers', ...on, reviewers: ['x'] }, 'reviewers');
    expect(await store.read.budget.sent(7, 0)).toHaveLength(1);
    expect(github.requests).toHaveLength(5);
  });

  test('keeps the place of a request whose answer was lost', async () => {
    github.weather = [noAnswer()];
    await pending(issue);
    expect(await store.read.budget.sent(7, 0)).toHaveLength(1);
  });

  test('is closed for everyone in the installation by one limit answer, and for nobody else', async () => {
    github.weather = [limit(START + 90 * SECOND)];
    expect((await pending(issue, 'a')).notBefore).toBe(START + 90 * SECOND);
    expect((await pending(comment, 'b')).notBefore).toBe(START + 90 * SECOND + 1);
    expect((await pending(reaction, 'c')).notBefore).toBe(START + 90 * SECOND);
    expect(github.requests).toEqual(['createIssue']);
    expect(await perform(comment, 'd', 8)).toMatchObject({ state: 'done' });

    expect(await later('a')).toMatchObject({ state: 'done' });
    expect(github.count('createIssue')).toBe(2);
    expect(github.count('issuesSince')).toBe(0);
  });

  test('a look that meets the limit leaves open what the request did', async () => {
    github.weather = [{ lostAfter: noAnswer() }];
    await pending(issue);
    github.weather = [limit(START + 300 * SECOND)];
    await later();
    expect(await store.read.effects.byKey('key')).toMatchObject({ state: 'unknown', notBefore: START + 300 * SECOND });
    expect(await later()).toMatchObject({ state: 'done' });
    expect(github.issues).toHaveLength(1);
  });
});

describe('the queue for the budget', () => {
  const MINUTE = 60 * SECOND;

  beforeEach(() => {
    effects = effectsWith({ perMinute: 2, perHour: 500 });
  });

  const ofTask = (key: string) =>
    effects.perform({ key, installationId: 7, fleetId: null, taskId: `task of ${key}`, request: comment });

  /** Everyone asks; resolves with when each may come again. */
  async function places(keys: readonly string[]): Promise<number[]> {
    const times: number[] = [];
    for (const key of keys) {
      const outcome = await ofTask(key).catch((error: unknown) => error);
      times.push(outcome instanceof EffectPending ? outcome.notBefore : now);
    }
    return times;
  }

  /** Each comes `late` ms after its time, as a parked task does: where that time moves, the task waits on without coming. */
  async function comeUntilSent(keys: readonly string[], late: () => number): Promise<{ came: number; sent: number[] }> {
    const sent: number[] = [];
    let came = 0;
    const open = new Map<string, number>();
    const placeOf = async (key: string) => (await store.read.effects.byKey(key))?.notBefore ?? 0;
    for (const key of keys) open.set(key, (await placeOf(key)) + late());
    while (open.size > 0) {
      const [key, at] = [...open].reduce((first, one) => (one[1] < first[1] ? one : first));
      now = Math.max(now, at);
      const place = await placeOf(key);
      if (place > now) {
        open.set(key, place + late());
        continue;
      }
      came += 1;
      const outcome = await ofTask(key).catch((error: unknown) => error);
      if (outcome instanceof EffectPending) open.set(key, outcome.notBefore + late());
      else {
        open.delete(key);
        sent.push(now);
      }
    }
    return { came, sent };
  }

  const most = (times: readonly number[], length: number) =>
    Math.max(...times.map((end) => times.filter((at) => at > end - length && at <= end).length));

  test('gives everyone a time of its own, in order, at which it is sent', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
    const times = await places(keys);
    expect(times.slice(0, 2)).toEqual([START, START]);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
    expect(new Set(times.slice(2)).size).toBe(4);

    const { came, sent } = await comeUntilSent(keys.slice(2), () => 0);
    expect(came).toBe(4);
    expect(most([START, START, ...sent], MINUTE)).toBe(2);
    expect(github.requests).toHaveLength(6);
  });

  test('lets nobody in before those who wait', async () => {
    await places(['a', 'b', 'c']);
    now = START + 61 * SECOND - 1;
    const [d = 0] = await places(['d']);
    expect(d).toBeGreaterThan((await store.read.effects.byKey('c'))?.notBefore ?? 0);
  });

  test('keeps every window, in order, when each is late by another while, and rarely has one come twice', async () => {
    effects = effectsWith({ perMinute: 10, perHour: 60 });
    const keys = Array.from({ length: 150 }, (_, index) => `k${String(index).padStart(3, '0')}`);
    await places(keys);
    const waiting = keys.slice(10);
    let random = 7;
    const late = () => {
      random = (random * 48_271) % 2_147_483_647;
      return 200 + (random % 2_000);
    };
    const { came, sent } = await comeUntilSent(waiting, late);
    const all = [...Array.from({ length: 10 }, () => START), ...sent];
    expect(most(all, MINUTE)).toBeLessThanOrEqual(10);
    expect(most(all, 60 * MINUTE)).toBeLessThanOrEqual(60);
    expect(came).toBeLessThan(1.3 * waiting.length);
    expect(sent.at(-1)).toBeLessThan(START + 130 * MINUTE);
  });

  test('is kept over a restart', async () => {
    const times = await places(['a', 'b', 'c', 'd']);
    await store.write((tx) => tx.effects.orphanAll(now, now + 30 * SECOND));
    effects = effectsWith({ perMinute: 2, perHour: 501 });
    expect((await places(['c', 'd'])).map((at) => at - START)).toEqual(times.slice(2).map((at) => at - START));
    const { came } = await comeUntilSent(['c', 'd'], () => 0);
    expect(came).toBe(2);
  });

  test('moves behind a limit answer as a whole, in order', async () => {
    const before = await places(['a', 'b', 'c', 'd', 'e', 'f']);
    now = before[2] ?? 0;
    github.weather = [limit(now + 10 * MINUTE)];
    const [c = 0] = await places(['c']);
    const after: number[] = [];
    for (const key of ['d', 'e', 'f']) after.push((await store.read.effects.byKey(key))?.notBefore ?? 0);
    expect(c).toBe(now + 10 * MINUTE);
    expect(after).toEqual(after.toSorted((a, b) => a - b));
    expect(Math.min(...after)).toBeGreaterThan(c);
    const { came, sent } = await comeUntilSent(['c', 'd', 'e', 'f'], () => 0);
    expect(most(sent, MINUTE)).toBeLessThanOrEqual(2);
    expect(came).toBe(4);
  });

  test('lets a report in behind one pull request, not behind all of them', async () => {
    const keys = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    const times = await places(keys);
    const { notBefore } = await pending(comment, 'a reply');
    expect(notBefore).toBe(times[3]);
    expect((await store.read.effects.byKey('d'))?.notBefore).toBe(times[4]);
    expect((await store.read.effects.byKey('h'))?.notBefore).toBeGreaterThan(times[7] ?? 0);
  });
});

describe('the room that pull requests leave', () => {
  const HOUR = 60 * 60 * SECOND;

  const send = async (key: string, taskId: string | null) => {
    const asked = effects.perform({ key, installationId: 7, fleetId: null, taskId, request: comment });
    const outcome = await asked.catch((error: unknown) => error);
    return outcome instanceof EffectPending ? outcome.notBefore - START : 'sent';
  };
  const sendAll = async (count: number, name: string, taskId: string | null) => {
    const outcomes = new Set<unknown>();
    for (let index = 0; index < count; index += 1) outcomes.add(await send(`${name} ${index}`, taskId));
    return [...outcomes];
  };

  beforeEach(() => {
    effects = effectsWith({ perMinute: 80, perHour: 50 });
  });

  test('lets people hear at once what pull requests wait for', async () => {
    expect(await sendAll(48, 'pull', 'task')).toEqual(['sent']);
    expect(await send('waits', 'task')).toBe(HOUR + SECOND);
    expect(await sendAll(2, 'report', null)).toEqual(['sent']);
    expect(await send('one too many', null)).toBeGreaterThan(HOUR);
    expect(await store.read.budget.sent(7, 0)).toHaveLength(50);
  });

  test('waits for the minute alone where that is full', async () => {
    effects = effectsWith({ perMinute: 48, perHour: 50 });
    await sendAll(48, 'pull', 'task');
    await send('waits', 'task');
    expect(await send('report', null)).toBe(61 * SECOND);
    expect((await store.read.effects.byKey('waits'))?.notBefore).toBe(START + HOUR + SECOND);
  });

  test('is for those who had less than half of the hour', async () => {
    expect(await sendAll(30, 'report', null)).toEqual(['sent']);
    expect(await sendAll(18, 'pull', 'task')).toEqual(['sent']);
    const waits = await send('waits', 'task');
    expect(await send('another report', null)).toBeGreaterThan(Number(waits));
  });

  test('is counted from when GitHub answered, as it may have counted no sooner', async () => {
    github.onRequest = async () => {
      now += 4 * SECOND;
    };
    await send('slow', null);
    expect(await store.read.budget.sent(7, 0)).toEqual([START + 4 * SECOND]);
    github.weather = [noAnswer()];
    await send('lost', null);
    expect(await store.read.budget.sent(7, 0)).toEqual([START + 4 * SECOND, START + 8 * SECOND]);
  });
});

describe('what GitHub never answers', () => {
  const outage = (requests: number) => Array.from({ length: requests }, noAnswer);
  const lookedAt = async (row: EffectRow | undefined) => row?.state === 'refused' || row?.state === 'done';

  test('is given up after five sends and one more look, and says so', async () => {
    github.onRequest = async () => {
      github.weather = github.requests.at(-1) === 'createPullRequest' ? outage(1) : [];
    };
    await pending(pull);
    let row: EffectRow | undefined;
    for (let tries = 0; tries < 50 && !(await lookedAt(row)); tries += 1) row = await later();
    expect(row).toMatchObject({
      state: 'refused',
      error: expect.stringContaining('GitHub never answered: it was sent 5 times'),
    });
    expect(github.count('createPullRequest')).toBe(5);
    expect(github.requests.slice(-2)).toEqual(['pullRequests', 'pullRequests']);
    expect(await later()).toBeUndefined();
  });

  test('is found by that last look when the last send had landed', async () => {
    github.onRequest = async () => {
      const sends = github.count('createPullRequest');
      const weather = sends === 5 ? { lostAfter: noAnswer() } : noAnswer();
      github.weather = github.requests.at(-1) === 'createPullRequest' ? [weather] : [];
    };
    await pending(pull);
    let row: EffectRow | undefined;
    for (let tries = 0; tries < 50 && !(await lookedAt(row)); tries += 1) row = await later();
    expect(row).toMatchObject({ state: 'done', result: { number: 1 } });
  });

  test('is given up six hours after it was first sent, also an edit', async () => {
    github.weather = outage(2);
    await pending(edit);
    await later();
    now += 6 * 60 * 60 * SECOND;
    expect(await later()).toMatchObject({ state: 'refused', error: expect.stringContaining('sent 2 times') });
    expect(github.count('updateIssue')).toBe(2);
  });

  test('is looked for a day when not even the look is answered', async () => {
    github.weather = outage(1_000);
    await pending(issue);
    now += 7 * 60 * 60 * SECOND;
    expect(await later()).toMatchObject({ state: 'unknown' });
    now += 18 * 60 * 60 * SECOND;
    expect(await later()).toMatchObject({ state: 'refused' });
    expect(github.count('createIssue')).toBe(1);
  });

  test('does not count limit answers', async () => {
    github.onRequest = async () => {
      if (github.count('createIssue') <= 6) github.weather = [limit(now + 10 * SECOND)];
    };
    await pending(issue);
    let row: EffectRow | undefined;
    for (let tries = 0; tries < 10 && row?.state !== 'done'; tries += 1) row = await later();
    expect(github.count('createIssue')).toBe(7);
    expect(row?.state).toBe('done');
  });
});

describe('a worker that was lost', () => {
  test('leaves a sent effect that is waited for, looked for and sent again', async () => {
    github.onRequest = () => new Promise(() => undefined);
    perform(issue).catch(() => undefined);
    await expect.poll(async () => (await store.read.effects.byKey('key'))?.state).toBe('sent');
    github.onRequest = async () => undefined;
    effects = effectsWith({ perMinute: 80, perHour: 501 });
    now += 61 * SECOND;
    expect(await later()).toMatchObject({ state: 'unknown', notBefore: now + 30 * SECOND });
    await later();
    expect(await later()).toMatchObject({ state: 'done' });
    expect(github.requests).toEqual(['createIssue', 'issuesSince', 'issuesSince', 'createIssue']);
  });
});

describe('two at once', () => {
  test('asking for one key sends once, and the second waits for the first', async () => {
    const rows = await Promise.all([perform(issue), perform(issue)]);
    expect(rows.map((row) => row.state)).toEqual(['done', 'done']);
    expect(github.requests).toEqual(['createIssue']);
  });

  test('a row that the engine took first is waited for', async () => {
    const intent = { id: 'e-other', key: 'key', installationId: 7, fleetId: null, taskId: null, request: issue };
    await store.write((tx) => tx.effects.intend({ ...intent, intendedAt: now }));
    const [unit, row] = await Promise.all([effects.attempt('e-other'), perform(issue)]);
    expect(unit?.state).toBe('done');
    expect(row.state).toBe('done');
    expect(github.requests).toEqual(['createIssue']);
  });

  test('in the hands of another process it is pending', async () => {
    const intent = { id: 'e-other', key: 'key', installationId: 7, fleetId: null, taskId: null, request: issue };
    await store.write(async (tx) => {
      await tx.effects.intend({ ...intent, intendedAt: now });
      await tx.effects.claim('e-other', now, now + 60 * SECOND);
    });
    expect((await pending(issue)).notBefore).toBe(START + SECOND);
    expect(github.requests).toEqual([]);
  });
});
