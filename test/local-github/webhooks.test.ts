import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { z } from 'zod';
import { eventsOf, givenGitHub, repositories, type World } from './given-github.ts';

let world: World;

beforeAll(async () => {
  world = await givenGitHub([{ login: 'acme', installed: ['alpha'], repositories: repositories('alpha', 'outside') }]);
});
beforeEach(() => world.received.splice(0));
afterAll(() => world.close());

const comments = '/repos/acme/alpha/issues/1/comments';
const deliveries = z.array(
  z.object({ id: z.number(), guid: z.string(), redelivery: z.boolean(), status_code: z.number() }),
);

test('a delivery is signed, numbered and tells who, where and through which installation', async () => {
  await world.api('POST', comments, { body: { body: '/fleet help' } });
  await world.github.idle();
  const [delivery] = world.received;
  const signature = createHmac('sha256', 'secret')
    .update(delivery?.text ?? '')
    .digest('hex');
  expect(delivery?.headers).toMatchObject({
    'x-hub-signature-256': `sha256=${signature}`,
    'x-github-event': 'issue_comment',
    'x-github-delivery': expect.stringMatching(/^[0-9a-f-]{36}$/),
    'x-github-hook-installation-target-type': 'integration',
    'user-agent': expect.stringMatching(/^GitHub-Hookshot\//),
  });
  expect(delivery?.json).toMatchObject({
    action: 'created',
    comment: { body: '/fleet help', user: { login: 'octocat', type: 'User' } },
    issue: { number: 1 },
    repository: { full_name: 'acme/alpha' },
    organization: { login: 'acme' },
    sender: { login: 'octocat' },
    installation: { id: world.github.app.installationId },
  });
});

test('in bad weather a delivery comes twice, with one GUID', async () => {
  const { failures } = world.github;
  failures.weather({ seed: 1, share: 1, now: Date.now, of: () => false });
  await world.api('POST', comments, { body: { body: 'twice' } });
  await world.github.idle();
  failures.weather(null);
  const guids = world.received.map(({ headers }) => headers['x-github-delivery']);
  expect(guids).toHaveLength(2);
  expect(new Set(guids).size).toBe(1);
  expect(world.received[0]?.text).toBe(world.received[1]?.text);
});

test('edits carry what was there before', async () => {
  await world.api('PATCH', '/repos/acme/alpha/issues/1', { body: { body: 'new' } });
  await world.github.idle();
  expect(world.received[0]?.json).toMatchObject({ action: 'edited', changes: { body: { from: 'Hello' } } });
});

test('repositories outside the installation are silent', async () => {
  await world.api('POST', '/repos/acme/outside/issues/1/comments', { body: { body: 'x' } });
  await world.github.idle();
  expect(world.received).toEqual([]);
});

test('an issue opens, closes and reopens, each with its event', async () => {
  const made = await world.api('POST', '/repos/acme/alpha/issues', { body: { title: 'x' } });
  const path = `/repos/acme/alpha/issues/${Object(made.json).number}`;
  await world.api('PATCH', path, { body: { state: 'closed', state_reason: 'not_planned' } });
  await world.api('PATCH', path, { body: { state: 'open' } });
  await world.github.idle();
  expect(eventsOf(world.received).sort()).toEqual(['issues.closed', 'issues.opened', 'issues.reopened']);
});

test('a deleted issue is gone for good', async () => {
  const made = await world.api('POST', '/repos/acme/alpha/issues', { body: { title: 'gone' } });
  const { number } = Object(made.json);
  world.github.deleteIssue({ repository: 'acme/alpha', number, by: 'octocat' });
  await world.github.idle();
  expect(eventsOf(world.received).sort()).toEqual(['issues.deleted', 'issues.opened']);
  expect((await world.api('GET', `/repos/acme/alpha/issues/${number}`)).status).toBe(410);
});

test('a failed delivery is recorded, not sent again by itself, and redelivered under its GUID', async () => {
  world.answers.push(500);
  await world.api('POST', comments, { body: { body: 'fails' } });
  await world.github.idle();
  expect(world.received).toHaveLength(1);
  const token = await world.jwt();
  const list = async () =>
    deliveries.parse((await world.api('GET', '/app/hook/deliveries?per_page=2', { token })).json);
  const [failed] = await list();
  expect(failed).toMatchObject({ redelivery: false, status_code: 500 });
  expect((await world.api('POST', `/app/hook/deliveries/${failed?.id}/attempts`, { token })).status).toBe(202);
  await world.github.idle();
  const [again] = await list();
  expect(again).toMatchObject({ guid: failed?.guid, redelivery: true, status_code: 200 });
  expect(world.received[1]?.text).toBe(world.received[0]?.text);
  expect(world.received[1]?.headers['x-github-delivery']).toBe(failed?.guid);
  const one = await world.api('GET', `/app/hook/deliveries/${failed?.id}`, { token });
  expect(one.json).toMatchObject({ request: { payload: { comment: { body: 'fails' } } } });
});

test('deliveries are listed by their outcome, page by page, each page full', async () => {
  const token = await world.jwt();
  for (const answer of [500, 200, 301, 404, 200]) {
    world.answers.push(answer);
    await world.api('POST', comments, { body: { body: 'listed' } });
    await world.github.idle();
  }
  const page = async (query: string) => {
    const { json, headers } = await world.api('GET', `/app/hook/deliveries?${query}`, { token });
    const next = /cursor=(\d+)[^>]*>; rel="next"/.exec(headers.get('link') ?? '')?.[1];
    return { codes: deliveries.parse(json).map(({ status_code }) => status_code), next };
  };
  const failures = await page('status=failure&per_page=1');
  expect(failures.codes).toEqual([404]);
  expect((await page(`status=failure&per_page=1&cursor=${failures.next}`)).codes).toEqual([500]);
  expect((await page('status=success&per_page=3')).codes).toEqual([200, 301, 200]);
});

test('repository_dispatch keeps to its limits', async () => {
  const path = '/repos/acme/alpha/dispatches';
  const send = async (body: object) => (await world.api('POST', path, { body })).status;
  const keys = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${index}`, 1]));
  expect(await send({ event_type: 'e'.repeat(100), client_payload: keys(10) })).toBe(204);
  expect(await send({ event_type: 'e'.repeat(101) })).toBe(422);
  expect(await send({ event_type: 'e', client_payload: keys(11) })).toBe(422);
  expect(await send({ event_type: 'e', client_payload: { big: 'x'.repeat(65_536) } })).toBe(422);
  await world.github.idle();
  expect(world.received.map(({ json }) => json)).toMatchObject([
    { action: 'e'.repeat(100), branch: 'main', client_payload: { k0: 1 } },
  ]);
});
