import { afterEach, beforeEach, expect, test } from 'vitest';
import { boxLine } from '../../src/core/checkbox/box.ts';
import { issueTextDigest } from '../../src/core/checkbox/issue-edit.ts';
import { type Bench, BOT, deliver, openDoors } from './fixtures.ts';

let bench: Bench;
beforeEach(async () => {
  bench = await openDoors();
  bench.inbox.fleet = { id: 'f-aaaaaaaa', installationId: 7 };
});
afterEach(() => bench.served.close());

const US = { id: 900, login: 'flotilla[bot]', type: 'Bot' };
const ADA = { id: 5, login: 'ada', type: 'User' };
const OURS = `Waits\n\n${boxLine({ means: 'cancel', token: '0123456789abcdef' }, 'Cancel')}\n`;
const TICKED = OURS.replace('[ ]', '[x]');

const edit = (
  body: string | null,
  more: { sender?: object; action?: string; changes?: object; number?: number } = {},
) => ({
  action: more.action ?? 'edited',
  issue: { number: more.number ?? 3, title: '[fleet] bump', body, user: US, updated_at: '2026-03-01T12:00:00Z' },
  changes: more.changes ?? { body: { from: OURS } },
  repository: { id: 20, full_name: 'acme/platform' },
  installation: { id: 7 },
  sender: more.sender ?? ADA,
});
const send = (payload: object, id?: string) =>
  deliver(bench, { event: 'issues', payload, ...(id === undefined ? {} : { id }) });
const requests = () => bench.inbox.stored.map(({ request }) => request);

test('a ticked box of a tracking issue is stored as its command, with what stood there before', async () => {
  expect(await send(edit(TICKED), 'guid-1')).toBe(200);
  expect(bench.inbox.stored).toMatchObject([{ id: 'guid-1' }]);
  expect(requests()).toMatchObject([
    {
      door: 'edit',
      saidAt: Date.UTC(2026, 2, 1, 12),
      sender: ADA,
      origin: null,
      command: { ok: true, command: { verb: 'cancel', fleet: 'f-aaaaaaaa' } },
      edit: {
        fleet: 'f-aaaaaaaa',
        issueNumber: 3,
        change: { kind: 'tick', box: { means: 'cancel', token: '0123456789abcdef' } },
        before: issueTextDigest(OURS),
      },
    },
  ]);
});

test.each([
  ['another text', edit('mine'), 'boxes'],
  ['no text at all', edit(null), 'boxes'],
  ['another title', edit(OURS, { changes: { title: { from: 'x' } } }), 'text'],
  ['a box and another title', edit(TICKED, { changes: { title: { from: 'x' }, body: { from: OURS } } }), 'text'],
  ["a bot's text", edit(`${OURS}more`, { sender: BOT }), 'text'],
])('%s is stored to be put back', async (_, payload, kind) => {
  expect(await send(payload)).toBe(200);
  expect(requests()).toMatchObject([{ command: { ok: false }, edit: { change: { kind } } }]);
});

test.each([
  ['our own edit', edit(TICKED, { sender: US })],
  ['an edit of another issue', edit(TICKED, { number: 4 })],
  ['another change', edit(TICKED, { changes: {} })],
  ['another action', edit(TICKED, { action: 'labeled' })],
  ['an edit by way of another installation', { ...edit(TICKED), installation: { id: 8 } }],
  ['an edit without its sender', { ...edit(TICKED), sender: null }],
])('%s stores nothing', async (_, payload) => {
  expect(await send(payload)).toBe(200);
  expect(bench.inbox.stored).toEqual([]);
});

test('while an edit of the same person waits to be put back, another one that is no tick is not stored', async () => {
  await send(edit('mine'));
  await send(edit('mine again'));
  expect(requests()).toHaveLength(1);
  expect(bench.logged()).toContain('put back with an earlier one');
  await send(edit(TICKED));
  expect(requests()).toHaveLength(2);
});

test('an edit that could not be stored is a server error', async () => {
  bench.inbox.failing = true;
  expect(await send(edit(TICKED))).toBe(500);
});
