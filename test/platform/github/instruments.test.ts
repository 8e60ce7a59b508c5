import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { GitHubAnswer } from '../../../src/ports/metrics.ts';
import { api, connect, INSTALLATION, mintTokens, restRepository } from './fixtures.ts';

beforeEach(() => {
  nock.disableNetConnect();
  mintTokens();
});
afterEach(() => nock.cleanAll());

const limits = (remaining: number) => ({
  'x-ratelimit-resource': 'core',
  'x-ratelimit-limit': '5000',
  'x-ratelimit-remaining': String(remaining),
});

test('each request that was made is told once, with its installation and what its answer says of limits, and none is made for it', async () => {
  const told: GitHubAnswer[] = [];
  const github = connect({ instruments: { githubAnswered: (answer) => told.push(answer) } });
  const list = () => api().get('/installation/repositories').query(true);
  list().reply(502, {}, limits(11));
  list().replyWithError('reset');
  list().reply(200, { repositories: [restRepository(1, 'one')] }, limits(10));
  await github.reads(INSTALLATION).repositories();
  api().post('/repos/acme/one/issues').reply(403, { message: 'secondary rate limit' }, limits(9));
  const created = github.writes(INSTALLATION).createIssue('acme/one', { title: 't', body: 'b' });
  await expect(created).rejects.toMatchObject({ kind: 'limited' });

  expect(told.map((one) => [one.installationId, one.method, one.status, one.headers['x-ratelimit-remaining']])).toEqual(
    [
      [null, 'POST', 201, undefined],
      [INSTALLATION, 'GET', 502, '11'],
      [INSTALLATION, 'GET', 0, undefined],
      [INSTALLATION, 'GET', 200, '10'],
      [INSTALLATION, 'POST', 403, '9'],
    ],
  );
  expect(told.every(({ durationMs }) => durationMs >= 0)).toBe(true);
  expect(nock.pendingMocks().filter((mock) => !mock.includes('access_tokens'))).toEqual([]);
});
