import nock from 'nock';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { GitHubError } from '../../../src/ports/github-reads.ts';
import { api, connect } from './fixtures.ts';

beforeEach(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());

const LARGE = '202309098323308544123';
const item = (more: object = {}) => ({
  id: 12,
  guid: 'g-1',
  delivered_at: '2026-03-01T11:00:00Z',
  redelivery: false,
  duration: 0.1,
  status: 'OK',
  status_code: 202,
  event: 'issue_comment',
  action: 'created',
  installation_id: 7,
  repository_id: 20,
  ...more,
});

test('a page of deliveries has its attempts and leads to the next by the cursor alone', async () => {
  const link = `<https://elsewhere.example/app/hook/deliveries?per_page=100&cursor=v1_77>; rel="next"`;
  const failed = item({
    id: 11,
    redelivery: true,
    status: 'timed out',
    status_code: 504,
    action: null,
    delivered_at: '2026-03-01T10:00:00.5Z',
  });
  api().get('/app/hook/deliveries').query({ per_page: 100 }).reply(200, [item(), failed], { link });
  api().get('/app/hook/deliveries').query({ per_page: 100, cursor: 'v1_77' }).reply(200, []);
  const { deliveries } = connect();
  const first = await deliveries.page(null);
  expect(first).toEqual({
    attempts: [
      {
        id: '12',
        guid: 'g-1',
        deliveredAt: Date.parse('2026-03-01T11:00:00Z'),
        redelivered: false,
        event: 'issue_comment',
        action: 'created',
        arrived: true,
      },
      {
        id: '11',
        guid: 'g-1',
        deliveredAt: Date.parse('2026-03-01T10:00:00.5Z'),
        redelivered: true,
        event: 'issue_comment',
        action: null,
        arrived: false,
      },
    ],
    next: 'v1_77',
  });
  expect(await deliveries.page(first.next)).toEqual({ attempts: [], next: null });
});

test("a number that is larger than JavaScript's is kept to its last digit", async () => {
  const body = JSON.stringify([item({ id: 0 })]).replace('"id":0', `"id":${LARGE}`);
  api().get('/app/hook/deliveries').query(true).reply(200, body, { 'content-type': 'application/json' });
  api().post(`/app/hook/deliveries/${LARGE}/attempts`).reply(202, {});
  const { deliveries } = connect();
  const { attempts } = await deliveries.page(null);
  expect(attempts.map(({ id }) => id)).toEqual([LARGE]);
  expect(await deliveries.askAgain(attempts[0]?.id ?? '')).toBe(true);
});

test('a redirect is no arrival', async () => {
  api()
    .get('/app/hook/deliveries')
    .query(true)
    .reply(200, [item({ status_code: 301 })]);
  expect((await connect().deliveries.page(null)).attempts[0]?.arrived).toBe(false);
});

test.each([404, 422])('a delivery that GitHub will not send any more (%i) is gone', async (status) => {
  api().post('/app/hook/deliveries/12/attempts').reply(status, { message: 'no' });
  expect(await connect().deliveries.askAgain('12')).toBe(false);
});

test('an attempt that nobody answers for is asked for once and may have happened', async () => {
  api().post('/app/hook/deliveries/12/attempts').reply(502, { message: 'Bad Gateway' });
  const asked = connect().deliveries.askAgain('12');
  await expect(asked).rejects.toThrow(GitHubError);
  await expect(asked).rejects.toMatchObject({ kind: 'unknown' });
});
