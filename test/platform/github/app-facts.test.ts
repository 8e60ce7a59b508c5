import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createAppFacts } from '../../../src/platform/github/app-facts.ts';
import { GitHubError } from '../../../src/ports/github-reads.ts';
import { API, api, clientOptions } from './fixtures.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());

const facts = () => createAppFacts(clientOptions());
const installation = (login: string, more: object = {}) => ({
  account: { login },
  suspended_at: null,
  html_url: `${API}/organizations/${login}/settings/installations/1`,
  permissions: { contents: 'read' },
  events: ['push'],
  ...more,
});

test('the app is told what it is, where it is installed, and where its webhooks go', async () => {
  api()
    .get('/app')
    .reply(200, { slug: 'flotilla', permissions: { contents: 'write' }, events: ['issues'] });
  const page = Array.from({ length: 100 }, (_, index) => installation(`org-${index}`));
  const last = [installation('late', { suspended_at: '2026-03-01T11:00:00Z' }), installation('', { account: null })];
  api().get('/app/installations').query({ per_page: 100, page: 1 }).reply(200, page);
  api().get('/app/installations').query({ per_page: 100, page: 2 }).reply(200, last);
  const config = { url: 'https://x.example/hook', content_type: 'json', insecure_ssl: '0', secret: '********' };
  api().get('/app/hook/config').reply(200, config);
  const app = facts();
  expect(await app.registration()).toEqual({
    slug: 'flotilla',
    permissions: { contents: 'write' },
    events: ['issues'],
  });
  const found = await app.installations();
  expect(found).toHaveLength(102);
  expect(found[100]).toMatchObject({ account: 'late', suspended: true });
  expect(found[0]).toMatchObject({ account: 'org-0', suspended: false, permissions: { contents: 'read' } });
  expect(await app.hook()).toEqual({
    url: 'https://x.example/hook',
    contentType: 'json',
    verifiesCertificate: true,
    hasSecret: true,
  });
});

test('a webhook of which nothing is set is told as it is, and deliveries keep their status', async () => {
  api().get('/app/hook/config').reply(200, { insecure_ssl: 1 });
  const at = '2026-03-01T11:00:00Z';
  const delivery = { event: 'issues', delivered_at: at, status_code: 502, status: 'failed to connect to host' };
  api().get('/app/hook/deliveries').query({ per_page: 100 }).reply(200, [delivery]);
  const app = facts();
  expect(await app.hook()).toEqual({ url: '', contentType: '', verifiesCertificate: false, hasSecret: false });
  expect(await app.newestDeliveries()).toEqual([
    { event: 'issues', deliveredAt: Date.parse(at), statusCode: 502, status: 'failed to connect to host' },
  ]);
});

test('the clock is compared with every answer, a refusal too', async () => {
  const app = facts();
  expect(app.aheadMs()).toBeNull();
  const date = new Date(Date.now() - 120_000).toUTCString();
  api().get('/app').reply(401, { message: 'A JSON web token could not be decoded' }, { date });
  await expect(app.registration()).rejects.toThrow(GitHubError);
  expect(app.aheadMs()).toBeGreaterThanOrEqual(118_000);
  expect(app.aheadMs()).toBeLessThanOrEqual(125_000);
});
