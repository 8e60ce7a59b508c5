import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Bench, BOT, comment, deliver, dispatch, NOW, openDoors } from './fixtures.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openDoors();
});
afterEach(() => bench.served.close());

const requests = () => bench.inbox.stored.map(({ request }) => request);

test('a command in a comment is stored under its delivery id and answered at once', async () => {
  const payload = comment('/fleet bump-shared-lib version=2.0 --plan');
  expect(await deliver(bench, { event: 'issue_comment', payload, id: 'guid-1' })).toBe(200);
  expect(bench.inbox.stored).toMatchObject([
    {
      id: 'guid-1',
      receivedAt: NOW,
      request: {
        door: 'comment',
        installationId: 7,
        controlRepository: { id: 20, fullName: 'acme/platform' },
        sender: { id: 5, login: 'ada', type: 'User' },
        origin: { issueNumber: 3, commentId: 900 },
        command: {
          ok: true,
          command: { verb: 'submit', workflow: 'bump-shared-lib', inputs: { version: '2.0' }, flags: { plan: true } },
        },
        idempotencyKey: null,
      },
    },
  ]);
});

test('the time at which a comment was written is stored with it', async () => {
  const payload = comment('/fleet status', { at: '2026-03-01T11:00:00Z' });
  await deliver(bench, { event: 'issue_comment', payload });
  expect(requests()).toMatchObject([{ saidAt: Date.parse('2026-03-01T11:00:00Z') }]);
});

test('a command on a pull request is taken too', async () => {
  const payload = comment('/fleet status', { issue: { number: 4, pull_request: { url: 'x' } } });
  await deliver(bench, { event: 'issue_comment', payload });
  expect(requests()).toMatchObject([{ origin: { issueNumber: 4 }, command: { command: { verb: 'status' } } }]);
});

test('a command that cannot be read is stored with its fault, so that its sender gets a reply', async () => {
  await deliver(bench, { event: 'issue_comment', payload: comment('/fleet bump --nonsense') });
  expect(requests()).toMatchObject([{ command: { ok: false } }]);
});

test.each([
  ['talk', comment('please bump this')],
  ['a command in a code fence', comment('```\n/fleet bump\n```')],
  ['a command in a quote', comment('> /fleet bump')],
  ['an indented command', comment('    /fleet bump')],
  ['a comment by a bot', comment('/fleet bump', { sender: BOT })],
  ["a comment by another App in a person's name", comment('/fleet bump', { app: { id: 77, slug: 'helpful' } })],
  ['an edited comment', comment('/fleet bump', { action: 'edited' })],
  ['a deleted comment', comment('/fleet bump', { action: 'deleted' })],
])('%s stores nothing', async (_, payload) => {
  expect(await deliver(bench, { event: 'issue_comment', payload })).toBe(200);
  expect(bench.inbox.stored).toEqual([]);
});

test('the same delivery twice is stored once', async () => {
  const delivery = { event: 'issue_comment', payload: comment('/fleet bump'), id: 'guid-1' };
  expect(await deliver(bench, delivery)).toBe(200);
  expect(await deliver(bench, delivery)).toBe(200);
  expect(bench.inbox.stored).toHaveLength(1);
});

test('a dispatch of the event type fleet is stored, from a bot too', async () => {
  const payload = dispatch({ workflow: 'bump-shared-lib', inputs: { version: '2.0' }, idempotency_key: 'run-1' });
  expect(await deliver(bench, { event: 'repository_dispatch', payload })).toBe(200);
  expect(requests()).toMatchObject([
    {
      door: 'dispatch',
      sender: { id: BOT.id, login: BOT.login, type: 'Bot' },
      origin: null,
      command: { ok: true, command: { verb: 'submit', workflow: 'bump-shared-lib' } },
      idempotencyKey: 'run-1',
    },
  ]);
});

test('a dispatch that cannot be read is stored with its fault', async () => {
  await deliver(bench, { event: 'repository_dispatch', payload: dispatch({ inputs: 'none' }) });
  expect(requests()).toMatchObject([{ command: { ok: false }, idempotencyKey: null }]);
});

test('a dispatch of another event type stores nothing', async () => {
  const payload = dispatch({ workflow: 'bump-shared-lib' }, 'deploy');
  expect(await deliver(bench, { event: 'repository_dispatch', payload })).toBe(200);
  expect(bench.inbox.stored).toEqual([]);
});

test.each([
  ['a comment without an installation', 'issue_comment', { ...comment('/fleet bump'), installation: undefined }],
  ['a comment without a body', 'issue_comment', { ...comment(''), comment: { id: 1, body: null, user: null } }],
  ['a dispatch without a sender', 'repository_dispatch', { ...dispatch({}), sender: null }],
])('%s is answered and stores nothing', async (_, event, payload) => {
  expect(await deliver(bench, { event, payload })).toBe(200);
  expect(bench.inbox.stored).toEqual([]);
});

test('a comment without the field of Apps, as older servers send it, is taken', async () => {
  const written = { id: 900, body: '/fleet list', user: null };
  await deliver(bench, { event: 'issue_comment', payload: { ...comment(''), comment: written } });
  expect(requests()).toMatchObject([{ command: { command: { verb: 'list' } } }]);
});

test('comments of somebody who was refused a short while ago are dropped, dispatches and other repositories are not', async () => {
  bench.strangers.remember(5, 20);
  const ada = { id: 5, login: 'ada', type: 'User' };
  expect(await deliver(bench, { event: 'issue_comment', payload: comment('/fleet bump') })).toBe(200);
  expect(requests()).toEqual([]);
  expect(bench.logged()).toContain('refused a short while ago');
  await deliver(bench, { event: 'repository_dispatch', payload: dispatch({ workflow: 'bump' }, 'fleet', ada) });
  const elsewhere = { ...comment('/fleet bump'), repository: { id: 21, full_name: 'acme/other' } };
  await deliver(bench, { event: 'issue_comment', payload: elsewhere });
  expect(requests()).toMatchObject([{ door: 'dispatch' }, { controlRepository: { id: 21 } }]);
});

test('what an approver may say without write permission is taken from somebody who was refused before too', async () => {
  bench.strangers.remember(5, 20);
  for (const said of ['status', 'approve', 'reject', 'undo', 'cancel', 'no-such flag=']) {
    await deliver(bench, { event: 'issue_comment', payload: comment(`/fleet ${said}`) });
  }
  const verbs = requests().map(({ command }) => command.ok && command.command.verb);
  expect(verbs).toEqual(['approve', 'reject', 'undo']);
});

test('of one sender 20 comments wait at most; dispatches are not counted', async () => {
  bench.inbox.unfinished = 19;
  await deliver(bench, { event: 'issue_comment', payload: comment('/fleet bump') });
  expect(requests()).toHaveLength(1);
  bench.inbox.unfinished = 20;
  expect(await deliver(bench, { event: 'issue_comment', payload: comment('/fleet bump') })).toBe(200);
  expect(requests()).toHaveLength(1);
  expect(bench.logged()).toContain('20 of this sender still wait');
  await deliver(bench, { event: 'repository_dispatch', payload: dispatch({ workflow: 'bump' }) });
  expect(requests()).toHaveLength(2);
});

test('a delivery that could not be stored is a server error, without its text in the log', async () => {
  bench.inbox.failing = true;
  const payload = comment('/fleet bump-shared-lib version=confidential');
  expect(await deliver(bench, { event: 'issue_comment', payload })).toBe(500);
  expect(bench.logged()).toContain('the disk is full');
  expect(bench.logged()).not.toContain('confidential');
});
