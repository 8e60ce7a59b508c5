import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { DeliveryAttempt, GitHubDeliveries } from '../../src/ports/github-deliveries.ts';
import { GitHubError } from '../../src/ports/github-reads.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Store } from '../../src/store/contract/store.ts';
import { openStore } from '../../src/store/sqlite/open.ts';
import { createMissedLook } from '../../src/sweep/create-missed-look.ts';
import { aRequest, silentLog, temporaryFolder } from '../store/fixtures.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 4, 4, 9);
const LOST = new GitHubError('unknown', 502, 'Bad Gateway');

/** A list of attempts, newest first, that grows at its front; `page` in pieces of `size`. */
class FakeDeliveries implements GitHubDeliveries {
  readonly attempts: DeliveryAttempt[] = [];
  readonly asked: string[] = [];
  pages = 0;
  readonly cursors: (string | null)[] = [];
  size = 100;
  /** Called when a request arrives. */
  onRequest: (request: 'page' | 'ask') => Promise<void> | void = () => undefined;

  add(guid: string, deliveredAt: number, more: Partial<DeliveryAttempt> = {}): void {
    const id = String(this.attempts.length + 1);
    const redelivered = this.attempts.some((earlier) => earlier.guid === guid);
    const given = { id, guid, deliveredAt, redelivered, event: 'issue_comment', action: 'created', arrived: false };
    const attempt = { ...given, ...more };
    this.attempts.unshift(attempt);
  }

  async page(cursor: string | null) {
    this.pages += 1;
    this.cursors.push(cursor);
    await this.onRequest('page');
    const start = cursor === null ? 0 : this.attempts.length - Number(cursor);
    const older = this.attempts.length - start - this.size;
    return {
      attempts: this.attempts.slice(start, start + this.size),
      next: older > 0 ? String(older) : null,
    };
  }

  async askAgain(attemptId: string) {
    await this.onRequest('ask');
    const guid = this.attempts.find(({ id }) => id === attemptId)?.guid;
    if (guid === undefined) return false;
    this.asked.push(guid);
    return true;
  }
}

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let store: Store;
let github: FakeDeliveries;
let now: number;
let warned: string[];

beforeEach(async () => {
  folder = await temporaryFolder();
  store = await openStore({ file: join(folder.path, 'flotilla.db'), log: silentLog });
  github = new FakeDeliveries();
  now = START;
  warned = [];
});
afterEach(async () => {
  await store.close();
  await folder.remove();
});

/** As a process that was just started does it. */
async function look(signal = new AbortController().signal): Promise<void> {
  await makeLook()(signal);
}

function makeLook(): (signal: AbortSignal) => Promise<void> {
  const log: Log = { ...silentLog, warn: (_fields, message) => warned.push(message) };
  const hasDoor = (event: string, action: string | null) => event === 'issue_comment' && action === 'created';
  return createMissedLook({ store, deliveries: github, hasDoor, clock: { now: () => now }, log });
}

test('a delivery is asked for unless an attempt of it arrived, before the failure or after it', async () => {
  github.add('before', START - 9 * MINUTE, { arrived: true });
  github.add('missed', START - 8 * MINUTE);
  github.add('after', START - 7 * MINUTE);
  github.add('missed', START - 6 * MINUTE);
  github.add('before', START - 5 * MINUTE);
  github.add('after', START - 4 * MINUTE, { arrived: true });
  github.add('no door', START - 3 * MINUTE, { action: 'deleted' });
  await look();
  expect(github.asked).toEqual(['missed']);
  expect(await store.read.missed.firstAt('missed')).toBe(START - 8 * MINUTE);
  expect(await store.read.missed.firstAt('no door')).toBeUndefined();
});

test('one that is stored is not asked for', async () => {
  github.add('known', START);
  await store.write((tx) => tx.deliveries.insert({ id: 'known', request: aRequest(), receivedAt: START }));
  await look();
  expect(github.asked).toEqual([]);
});

test('one that arrived after it was asked for, without being a command, is not asked for again', async () => {
  github.add('talk', START);
  await look();
  github.add('talk', START, { arrived: true });
  for (let looks = 0; looks < 3; looks += 1) {
    now += 60 * MINUTE;
    await look();
  }
  expect(github.asked).toEqual(['talk']);
  expect(warned).toEqual([]);
});

test('each look asks for a hundred at most, first for those that can still be carried out', async () => {
  for (let index = 0; index < 90; index += 1) github.add(`old-${index}`, START - 60 * MINUTE);
  for (let index = 0; index < 15; index += 1) github.add(`young-${index}`, START - 10 * MINUTE);
  await look();
  expect(github.asked).toHaveLength(100);
  expect(github.asked.slice(0, 16)).toEqual([...Array.from({ length: 15 }, (_, index) => `young-${index}`), 'old-0']);
  now += 5 * MINUTE;
  for (const { guid } of github.attempts.slice()) github.add(guid, START, { arrived: guid !== 'old-89' });
  await look();
  expect(github.asked.slice(100), 'the rest has arrived').toEqual(['old-89']);
});

test('a process that dies after it has counted, and before it asks, asks at the distance that was due', async () => {
  github.add('missed', START);
  github.onRequest = (request) => {
    if (request === 'ask') throw new Error('killed');
  };
  await expect(look()).rejects.toThrow('killed');
  github.onRequest = () => undefined;
  await look();
  expect(github.asked).toEqual([]);
  now += 5 * MINUTE;
  await look();
  expect(github.asked).toEqual(['missed']);
});

test('a request without an answer ends the look; what is left is asked for by the next one', async () => {
  github.add('first', START - 2 * MINUTE);
  github.add('second', START - MINUTE);
  github.onRequest = (request) => {
    if (request === 'ask') throw LOST;
  };
  await look();
  github.onRequest = () => undefined;
  github.add('first', START, { arrived: true });
  now += 5 * MINUTE;
  await look();
  expect(github.asked, 'the first had arrived after all').toEqual(['second']);
  expect(warned).toEqual(['could not look for webhooks that did not arrive; the next look tries again']);
});

test('a refusal of one counts, and those behind it are asked for all the same', async () => {
  github.add('refused', START - MINUTE);
  github.add('second', START);
  let requests = 0;
  github.onRequest = (request) => {
    if (request === 'ask' && requests++ === 0) throw new GitHubError('refused', 403, 'Forbidden');
  };
  await look();
  expect(github.asked).toEqual(['second']);
  expect(warned).toEqual(['GitHub refused to deliver a webhook again that did not arrive']);
  github.add('second', START, { arrived: true });
  await look();
  expect(github.asked, 'not at once').toEqual(['second']);
  now += 5 * MINUTE;
  await look();
  expect(github.asked).toEqual(['second', 'refused']);
});

test('a limit counts for nothing and ends the look', async () => {
  github.add('missed', START);
  for (let looks = 0; looks < 5; looks += 1) {
    github.onRequest = (request) => {
      if (request === 'ask') throw new GitHubError('limited', 429, 'Slow down', { retryAt: now + MINUTE });
    };
    await look();
    now += 5 * MINUTE;
  }
  github.onRequest = () => undefined;
  await look();
  expect(github.asked).toEqual(['missed']);
});

test('a long list is read over several looks, and each page that was read counts', async () => {
  github.size = 1;
  for (let index = 0; index < 450; index += 1)
    github.add(`d${index}`, START - (450 - index) * MINUTE, { arrived: index % 200 !== 0 });
  const again = makeLook();
  const stop = new AbortController().signal;
  const pages: number[] = [];
  github.onRequest = (request) => {
    if (request === 'page' && github.pages === 150 && pages.length === 0) throw LOST;
  };
  for (let looks = 0; looks < 5; looks += 1) {
    const before = github.pages;
    await again(stop);
    pages.push(github.pages - before);
    if (looks === 0) expect(github.asked, 'what was found is asked for, though the list broke off').toEqual(['d400']);
    if (looks === 1) github.add('since', START + looks);
    now += 5 * MINUTE;
  }
  expect(pages, 'on from the page that was lost').toEqual([150, 200, 101, 4, 2]);
  expect(new Set(github.asked)).toEqual(new Set(['d400', 'd200', 'd0', 'since']));
});

test('a page that never comes hides nothing that came since', async () => {
  github.size = 1;
  github.add('hidden', START - 2);
  github.add('seen', START - 1, { arrived: true });
  const again = makeLook();
  github.onRequest = (request) => {
    if (request === 'page' && github.cursors.at(-1) !== null && github.attempts.at(-1)?.guid === 'hidden') throw LOST;
  };
  const stop = new AbortController().signal;
  await again(stop);
  github.add('new', START);
  for (let looks = 0; looks < 2; looks += 1) await again(stop);
  expect(github.asked).toEqual(['new']);
});

test('attempts of one delivery that lie on two pages are one delivery', async () => {
  github.size = 1;
  github.add('missed', START - 2 * MINUTE);
  github.add('came', START - 2 * MINUTE);
  github.add('missed', START - MINUTE);
  github.add('came', START - MINUTE, { arrived: true });
  await look();
  expect(github.asked).toEqual(['missed']);
  expect(await store.read.missed.due(now + 5 * MINUTE)).toMatchObject([
    { guid: 'missed', attemptId: '3', firstAt: START - 2 * MINUTE },
  ]);
});

test('a list that ends in the middle leaves nothing out the next time', async () => {
  github.size = 2;
  for (let index = 0; index < 6; index += 1) github.add(`d${index}`, START - MINUTE, { arrived: index > 0 });
  github.onRequest = () => {
    if (github.pages === 2) throw LOST;
  };
  await look();
  expect(await store.read.missed.look()).toMatchObject({ mark: { newest: null } });
  now += 5 * MINUTE;
  await look();
  expect(github.asked).toEqual(['d0']);
});

test('a drain ends it between two requests', async () => {
  github.add('first', START - MINUTE);
  github.add('second', START);
  const drain = new AbortController();
  github.onRequest = (request) => {
    if (request === 'ask') drain.abort();
  };
  await look(drain.signal);
  expect(github.asked).toEqual(['first']);
  github.size = 1;
  await look(AbortSignal.abort());
  expect(github.pages, 'one page of two').toBe(2);
});

test('an older attempt that is listed late is still found', async () => {
  github.add('new', START, { arrived: true });
  await look();
  now += 5 * MINUTE;
  github.add('slow', START - 20_000);
  await look();
  expect(github.asked).toEqual(['slow']);
});

test('after a burst the list is read to its end twice, and then its newest page alone', async () => {
  for (let index = 0; index < 250; index += 1) github.add(`d${index}`, START, { arrived: true });
  const pages: number[] = [];
  for (const minutes of [0, 0, 5, 5, 5]) {
    now += minutes * MINUTE;
    github.pages = 0;
    await look();
    pages.push(github.pages);
  }
  expect(pages, 'a restart at once proves nothing').toEqual([3, 3, 3, 1, 1]);
});

test('one that was first tried more than three days ago is given up, and forgotten later', async () => {
  github.add('missed', START);
  github.onRequest = (request) => {
    if (request === 'ask') throw LOST;
  };
  await look();
  github.onRequest = () => undefined;
  now += 3 * 24 * 60 * MINUTE + 1;
  await look();
  expect(github.asked).toEqual([]);
  expect(warned.at(-1)).toContain('gave a webhook up');
  expect(await store.read.missed.firstAt('missed')).toBe(START);
  now += 24 * 60 * MINUTE;
  await look();
  expect(await store.read.missed.firstAt('missed')).toBeUndefined();
});
