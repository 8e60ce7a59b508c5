import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GitHubError } from '../../../src/ports/github-reads.ts';
import { api, collectingLog, connect, INSTALLATION, mintTokens, NOW } from './fixtures.ts';

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
});
afterEach(() => nock.cleanAll());

const ISSUES = '/repos/acme/platform/issues';
const createIssue = () => connect().writes(INSTALLATION).createIssue('acme/platform', { title: 't', body: 'b' });

async function failureOf(work: Promise<unknown>): Promise<GitHubError> {
  const error = await work.then(
    () => expect.fail('nothing was thrown'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GitHubError)) throw error;
  return error;
}

/** Answers the route once with this, and counts what comes after it. */
function answerOnce(status: number, body: object, headers: Record<string, string> = {}): { more: () => number } {
  let more = 0;
  api().post(ISSUES).reply(status, body, headers);
  api()
    .persist()
    .post(ISSUES)
    .reply(() => {
      more += 1;
      return [201, { id: 1, number: 1, html_url: 'x' }];
    });
  return { more: () => more };
}

test.each([
  ['a refusal', 422, { message: 'Validation Failed' }, {}, 'refused', null],
  ['a missing permission', 403, { message: 'Resource not accessible by integration' }, {}, 'refused', null],
  ['a bad gateway', 502, { message: 'Server Error' }, {}, 'unknown', null],
  ['a request timeout', 408, { message: 'Timeout' }, {}, 'unknown', null],
  ['429 with retry-after', 429, { message: 'slow down' }, { 'retry-after': '30' }, 'limited', NOW + 30_000],
  ['429 without any hint', 429, { message: 'slow down' }, {}, 'limited', NOW + 60_000],
  ['403 with retry-after', 403, { message: 'x' }, { 'retry-after': '5' }, 'limited', NOW + 5_000],
  ['a secondary limit', 403, { message: 'You have exceeded a secondary rate limit' }, {}, 'limited', NOW + 60_000],
  [
    'a spent primary limit',
    403,
    { message: 'API rate limit exceeded' },
    {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(Date.parse('2026-02-01T00:10:00Z') / 1000),
      date: 'Sun, 01 Feb 2026 00:00:00 GMT',
    },
    'limited',
    NOW + 600_000,
  ],
] as const)('a creation answered with %s is sent once', async (_, status, body, headers, kind, retryAt) => {
  const hits = answerOnce(status, body, headers);
  const failure = await failureOf(createIssue());
  expect({ kind: failure.kind, status: failure.status, retryAt: failure.retryAt }).toEqual({ kind, status, retryAt });
  expect(failure.message).toContain(`POST /api/v3${ISSUES}: ${body.message}`);
  expect(hits.more()).toBe(0);
});

test('a creation whose connection breaks is unknown and sent once', async () => {
  api().post(ISSUES).replyWithError('socket hang up');
  const failure = await failureOf(createIssue());
  expect(failure).toMatchObject({ kind: 'unknown', status: 0 });
});

test('a creation answered in an unexpected shape is unknown, because it may have happened', async () => {
  api().post(ISSUES).reply(201, { id: 'one' });
  expect((await failureOf(createIssue())).kind).toBe('unknown');
});

test('a read is asked again after a server error', async () => {
  api().get('/users/ada').twice().reply(503, {});
  api().get('/users/ada').reply(200, { id: 5, login: 'ada' });
  expect(await connect().reads(INSTALLATION).person('ada')).toEqual({ id: 5, login: 'ada' });
});

test('a read gives up after two further tries, and never repeats a limit', async () => {
  api().get('/users/ada').times(3).reply(503, {});
  expect((await failureOf(connect().reads(INSTALLATION).person('ada'))).kind).toBe('unknown');
  api().get('/users/bob').reply(429, {}, { 'retry-after': '1' });
  expect((await failureOf(connect().reads(INSTALLATION).person('bob'))).kind).toBe('limited');
});

test('after a 401 one fresh token is minted and the request sent once more', async () => {
  nock.cleanAll();
  for (const token of ['ghs_old', 'ghs_new']) {
    api()
      .post(`/app/installations/${INSTALLATION}/access_tokens`)
      .reply(201, { token, expires_at: '2999-01-01T00:00:00Z' });
  }
  api().get('/users/ada').matchHeader('authorization', 'token ghs_old').reply(401, { message: 'Bad credentials' });
  api().get('/users/ada').matchHeader('authorization', 'token ghs_new').reply(200, { id: 5, login: 'ada' });
  expect(await connect().reads(INSTALLATION).person('ada')).toEqual({ id: 5, login: 'ada' });
});

test('a second 401 is a refusal', async () => {
  api().get('/users/ada').twice().reply(401, { message: 'Bad credentials' });
  expect(await failureOf(connect().reads(INSTALLATION).person('ada'))).toMatchObject({ kind: 'refused', status: 401 });
});

test('no token and no text of a body reaches the log or an error', async () => {
  const log = collectingLog();
  api().post(ISSUES).reply(422, { message: 'Validation Failed' });
  const writes = connect({ log }).writes(INSTALLATION);
  const failure = await failureOf(writes.createIssue('acme/platform', { title: 't', body: 'private words' }));
  const seen = JSON.stringify([log.lines, failure, failure.message, String(failure.cause)]);
  expect(log.lines.length).toBeGreaterThan(0);
  expect(seen).not.toMatch(/ghs_installation|private words/);
});
